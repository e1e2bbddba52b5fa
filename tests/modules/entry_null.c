/* The note says that this host will do, the entry says that it does not. */
#include "raw.h"

RAW_NOTE("entry_null", 1, 0)

const foliot_module* foliot_module_v1(uint32_t host_minor) {
    (void)host_minor;
    return 0;
}

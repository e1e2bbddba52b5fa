/* Needs what only a later host has; says so in the note, and its entry answers null. */
#include "raw.h"

RAW_NOTE("needs_newer_minor", 1, 99)

const foliot_module* foliot_module_v1(uint32_t host_minor) {
    (void)host_minor;
    return 0;
}

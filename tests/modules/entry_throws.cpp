// The entry lets an exception out.
#include "raw.h"

RAW_NOTE("entry_throws", 1, 0)

extern "C" const foliot_module* foliot_module_v1(uint32_t) { throw 1; }

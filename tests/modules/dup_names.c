/* Two functions of one name. */
#include "raw.h"

RAW_NOTE("dup_names", 1, 0)
RAW_JOB(one, "run", "{}", raw_ok)
RAW_JOB(two, "run", "{}", raw_ok)
RAW_ENTRY("dup_names", 1, 0, &one, &two)

/* Calls itself by another name than its file's. */
#include "raw.h"

RAW_NOTE("another_name", 1, 0)
RAW_JOB(job, "run", "{}", raw_ok)
RAW_ENTRY("another_name", 1, 0, &job)

/* A module as it should be, in C. */
#include "raw.h"

RAW_NOTE("ok", 1, 0)
RAW_JOB(job, "run", "{\"title\":\"Run\",\"params\":[]}", raw_ok)
RAW_ENTRY("ok", 1, 0, &job)

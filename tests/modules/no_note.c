/* A module but for its ELF note. */
#include "raw.h"

RAW_JOB(job, "run", "{}", raw_ok)
RAW_ENTRY("no_note", 1, 0, &job)

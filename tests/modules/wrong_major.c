/* Built for an ABI that removed something. */
#include "raw.h"

RAW_NOTE("wrong_major", 2, 0)
RAW_JOB(job, "run", "{}", raw_ok)
RAW_ENTRY("wrong_major", 2, 0, &job)

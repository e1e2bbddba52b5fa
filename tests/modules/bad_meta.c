/* A function's description is no JSON. */
#include "raw.h"

RAW_NOTE("bad_meta", 1, 0)
RAW_JOB(job, "run", "{\"title\": ", raw_ok)
RAW_ENTRY("bad_meta", 1, 0, &job)

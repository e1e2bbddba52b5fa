// A job written against the bare ABI that lets an exception out.
#include "raw.h"

static int32_t throws(const foliot_job*, const foliot_host*, foliot_run*) { throw 1; }

RAW_NOTE("run_throws_int", 1, 0)
RAW_JOB(job, "run", "{}", throws)
extern "C" {
RAW_ENTRY("run_throws_int", 1, 0, &job)
}

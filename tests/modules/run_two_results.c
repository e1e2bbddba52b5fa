/* Gives two results. */
#include "raw.h"

static int32_t twice(const foliot_job* job, const foliot_host* host, foliot_run* run) {
    const foliot_str one = {"1", 1}, two = {"2", 1};
    (void)job;
    host->set_result(run, one);
    host->set_result(run, two);
    return FOLIOT_OK;
}

RAW_NOTE("run_two_results", 1, 0)
RAW_JOB(job, "run", "{}", twice)
RAW_ENTRY("run_two_results", 1, 0, &job)

/* Its deinit aborts, when all its runs are over. */
#include "raw.h"

#include <stdlib.h>

RAW_NOTE("run_aborts_at_its_end", 1, 0)
RAW_JOB(job, "run", "{}", raw_ok)

static const foliot_job* const jobs[] = {&job};
static const foliot_module aborting = {
    sizeof aborting, 1, 0, "run_aborts_at_its_end", "1.0.0", "{}", 1, jobs, NULL, abort};

const foliot_module* foliot_module_v1(uint32_t host_minor) {
    (void)host_minor;
    return &aborting;
}

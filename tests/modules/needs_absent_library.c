/* Calls a function of a library that is nowhere to be found. */
#include "raw.h"

int foliot_absent(void);

static int32_t run(const foliot_job* job, const foliot_host* host, foliot_run* this_run) {
    (void)job, (void)host, (void)this_run;
    return foliot_absent();
}

RAW_NOTE("needs_absent_library", 1, 0)
RAW_JOB(job, "run", "{}", run)
RAW_ENTRY("needs_absent_library", 1, 0, &job)

/* A module that is built with the header of each released interface, and calls all that each host has. */
#include "../modules/raw.h"

#include <stdio.h>
#include <string.h>

static foliot_str text(const char* s) {
    const foliot_str out = {s, strlen(s)};
    return out;
}

static int32_t run(const foliot_job* job, const foliot_host* host, foliot_run* this_run) {
    static char result[256];
    const foliot_run_info* info = host->info(this_run);
    const foliot_value* args = host->args(this_run);
    const foliot_value* kwargs = host->kwargs(this_run);
    if (job->user != 0 || host->get_extension(host, "foliot.none/1") != 0) return FOLIOT_FAILED;
    if (args->kind != FOLIOT_LIST || kwargs->kind != FOLIOT_MAP || host->cancel_fd(this_run) < 0) return FOLIOT_FAILED;
    host->log(this_run, FOLIOT_LOG_INFO, text("an old friend"), text("{\"built\":\"long ago\"}"));
    host->progress(this_run, 0.5, text("half"));
    snprintf(result, sizeof result, "{\"major\":%d,\"attempt\":%u,\"args\":%u,\"kwargs\":%u,\"state\":%d,\"dir\":%d}",
             host->abi_major, info->attempt, args->count, kwargs->count, host->cancel_state(this_run),
             host->work_dir(this_run).size > 0);
    host->set_error(this_run, text("unused"), text("an error of a run that succeeds counts for nothing"));
    host->set_delay(this_run, 1);
    host->set_result(this_run, text(result));
    return FOLIOT_OK;
}

RAW_NOTE(BUILT_NAME, FOLIOT_ABI_MAJOR, FOLIOT_ABI_MINOR)
RAW_JOB(job, "run", "{\"pass_through\":true}", run)
RAW_ENTRY(BUILT_NAME, FOLIOT_ABI_MAJOR, FOLIOT_ABI_MINOR, &job)

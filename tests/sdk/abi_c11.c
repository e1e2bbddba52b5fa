/* abi.h is C11 as it stands: compiled with -std=c11 -Wpedantic -Werror, its layout checks included. */
#include <foliot/abi.h>

int32_t foliot_abi_c11_ok(const foliot_job* job, const foliot_host* host, foliot_run* run);

int32_t foliot_abi_c11_ok(const foliot_job* job, const foliot_host* host, foliot_run* run) {
    const foliot_str none = {0, 0};
    if (!FOLIOT_HAS(host, foliot_host, set_delay) || job->struct_size < sizeof *job) return FOLIOT_FAILED_FOR_GOOD;
    host->log(run, FOLIOT_LOG_INFO, none, none);
    return host->kwargs(run)->kind == FOLIOT_MAP ? FOLIOT_OK : FOLIOT_FAILED;
}

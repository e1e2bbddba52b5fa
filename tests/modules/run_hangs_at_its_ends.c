/* Its init never returns if it is given any configuration; its deinit never does. */
#include "raw.h"

#include <unistd.h>

static void hang(void) {
    static const char said[] = "hanging\n";
    if (write(STDERR_FILENO, said, sizeof said - 1) < 0) _exit(1);
    for (;;) pause();
}

static int32_t init(const foliot_host* host, foliot_run* run) {
    if (host->kwargs(run)->count > 0) hang();
    return FOLIOT_OK;
}

RAW_NOTE("run_hangs_at_its_ends", 1, 0)
RAW_JOB(job, "run", "{}", raw_ok)

static const foliot_job* const jobs[] = {&job};
static const foliot_module hanging = {sizeof hanging, 1,    0,   "run_hangs_at_its_ends", "1.0.0", "{}", 1,
                                      jobs,           init, hang};

const foliot_module* foliot_module_v1(uint32_t host_minor) {
    (void)host_minor;
    return &hanging;
}

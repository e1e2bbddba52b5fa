// The next version of "tasks": its functions are in another order.
#include <foliot/job.hpp>

#include <string>

static void noop(foliot::Context&) {}
static std::string ok(foliot::Context&) { return "done anew"; }

FOLIOT_MODULE("tasks", "2.0.0", module) {
    module.job<noop>("noop");
    module.job<ok>("ok");
}

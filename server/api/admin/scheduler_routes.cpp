#include "api/admin/scheduler_routes.hpp"

#include "api/admin/dialect.hpp"

#include <functional>

namespace foliot::api::admin {
namespace {

using service::Caller;

Handler doing(std::function<void(const Caller&)> action) {
    return [action = std::move(action)](const Request& request) {
        action(caller_of(request));
        return no_content();
    };
}

}  // namespace

void add_scheduler_routes(Router& router, service::Scheduler& scheduler) {
    const Operation done = without_answer("Done", {Problem::wrong_state});
    router.add({"POST", "/api/v1/scheduler/pause", Access::operator_, Scope::run,
                doing([&scheduler](const Caller& caller) { scheduler.pause(caller); }), "Start nothing more",
                &dialect(), done});
    router.add({"POST", "/api/v1/scheduler/resume", Access::operator_, Scope::run,
                doing([&scheduler](const Caller& caller) { scheduler.resume(caller); }), "Go on after a pause",
                &dialect(), done});
    router.add({"POST", "/api/v1/scheduler/start", Access::admin, Scope::admin,
                doing([&scheduler](const Caller& caller) { scheduler.start(caller); }), "Go on after a shutdown",
                &dialect(), done});
}

}  // namespace foliot::api::admin

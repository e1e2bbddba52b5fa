// Dispatch: runs that the store gave a place go to the runner with their function resolved; those whose function is
// gone end here, those whose module cannot be used now are given back.
#include "domain/sealed.hpp"
#include "engine/engine.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace foliot::engine {
namespace {

/// The attempt's own, or what is left until the deadline; at least an instant, since 0 means none.
Micros time_limit(const store::Assigned& run, Micros now) {
    if (run.deadline == 0) return run.def->timeout;
    const Micros left = std::max<Micros>(1, run.deadline - now);
    return run.def->timeout == 0 ? left : std::min(run.def->timeout, left);
}

}  // namespace

void Engine::dispatch(std::vector<store::Assigned> assigned) {
    std::vector<runner::RunOrder> orders;
    orders.reserve(assigned.size());
    for (auto& run : assigned) {
        if (auto order = order_for(run)) orders.push_back(std::move(*order));
    }
    if (!orders.empty()) runner_.submit(std::move(orders));
}

std::optional<runner::RunOrder> Engine::order_for(store::Assigned& assigned) {
    std::string why;
    auto function = resolve_(assigned.def->func, why);
    if (!function && waits_ && waits_->unavailable().contains(assigned.def->func.module)) {
        inbox_.given_back.push_back({assigned.run, assigned.claim});  // it has become so since the turn
        return std::nullopt;
    }
    if (!function) {
        refuse(assigned, "unresolved", why);
        return std::nullopt;
    }
    const auto course = breaker_ == nullptr ? Breaker::Course::usual
                                            : breaker_->course_of(assigned.def->func, function->module->identity);
    if (course == Breaker::Course::refused) {
        refuse_broken(assigned);
        return std::nullopt;
    }
    runner::Mask mask;
    try {
        mask = open_secrets(assigned);
    } catch (const std::exception& e) {
        refuse(assigned, "secret", e.what());
        return std::nullopt;
    }
    const auto& def = *assigned.def;
    in_flight_[raw(assigned.run)] = {assigned.def,     assigned.attempt, assigned.deadline,
                                     assigned.snoozes, function->module, assigned.due};
    runner::RunOrder order;
    order.execution_id = store_.public_ids().hex(raw(assigned.run));
    order.max_attempts = def.retry.max_retries + 1;
    order.timeout = time_limit(assigned, clock_.now());
    order.fresh = def.isolation == Isolation::fresh || course == Breaker::Course::alone;
    order.limits = {.configured = limits_, .declared = function->function->limits, .wished = def.limits};
    order.function = std::move(*function);
    order.mask = std::move(mask);
    order.assigned = std::move(assigned);
    return order;
}

/// Puts them among the arguments, in memory only.
runner::Mask Engine::open_secrets(store::Assigned& assigned) const {
    std::vector<std::string> secrets;
    const auto open = [&](std::string_view sealed) {
        if (!open_) throw std::runtime_error("secrets cannot be opened here");
        return secrets.emplace_back(open_(sealed));
    };
    const auto open_in = [&](std::optional<std::string>& own, const std::string& usual) {
        const std::string& text = own ? *own : usual;
        if (has_sealed(text)) own = with_sealed(text, open);
    };
    open_in(assigned.args, assigned.def->args);
    open_in(assigned.kwargs, assigned.def->kwargs);
    return runner::Mask(secrets);
}

void Engine::refuse(const store::Assigned& assigned, const std::string& reason, const std::string& why) {
    store::Finished finished;
    finished.run = assigned.run;
    finished.claim = assigned.claim;
    finished.ended = clock_.now();
    finished.verdict.state = RunState::error;
    finished.verdict.outcome = Outcome::failed_for_good;
    finished.verdict.reason = reason;
    finished.verdict.error = why;
    inbox_.finished.push_back(std::move(finished));
}

}  // namespace foliot::engine

#include "service/waiting_words.hpp"

#include "base/time_text.hpp"
#include "engine/module_waits.hpp"
#include "service/attempt_words.hpp"
#include "service/words.hpp"

#include <algorithm>

namespace foliot::service {
namespace {

using store::EngineState;
using store::RunView;

/// What keeps everything from starting; "" when nothing does.
std::string hold_text(const FireCase& fire, const RunView& run) {
    if (fire.engine != EngineState::running && run.origin != Origin::manual) {
        return std::string("the scheduler is ") + (fire.engine == EngineState::paused ? "paused" : "shut down");
    }
    return fire.held.empty() ? "" : "this server starts nothing now: " + fire.held;
}

/// "limits.running (2 of 2 taken) and under limits.tag.db (1 of 1 taken)"
std::string full_limits(const FireCase& fire) {
    std::string text;
    for (const store::SlotView& limit : fire.full) {
        std::string name = "limits." + limit.key;
        std::replace(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(name.find(':') + 1), ':', '.');
        text += (text.empty() ? "" : " and under ") + name + " (" + std::to_string(limit.used) + " of " +
                std::to_string(limit.cap) + " taken)";
    }
    return text;
}

std::string passed_deadline(const FireCase& fire, const RunView& run) {
    if (!run.def || run.def->deadline == 0) return "";
    const Micros deadline = run.since + run.def->deadline;
    if (deadline > fire.now) return "";
    return " Its deadline passed at " + iso_time(deadline) +
           ": it ends as a timeout, without running, as soon as its turn comes.";
}

std::string blocked_text(const FireCase& fire, const RunView& run) {
    const bool paused = fire.record.job.state.status == JobStatus::paused && run.origin != Origin::manual;
    if (paused || run.reason == "paused") return " is held back because the job is paused.";
    const auto queued_before = std::count_if(fire.live.begin(), fire.live.end(), [&](const RunView& other) {
        return other.state == RunState::blocked && other.due < run.due;
    });
    const int most = fire.record.job.definition.max_instances;
    std::string text = " waits for a run of this job to end (max_instances is " + std::to_string(most) + ")";
    if (!fire.live.empty() && fire.live.front().state != RunState::blocked) {
        text += ": " + fire.id_of(fire.live.front().id) + " is " + std::string(outcome_of(fire.live.front().state));
        if (fire.live.front().started) text += " since " + iso_time(*fire.live.front().started);
    }
    if (queued_before > 0) text += "; " + counted(queued_before, "other run") + " before it";
    return text + ".";
}

std::string ready_text(const FireCase& fire, const RunView& run) {
    const std::string hold = hold_text(fire, run);
    if (!hold.empty()) return " is ready, but " + hold + ".";
    if (run.reason == engine::kModuleUnavailable && run.def) {
        const std::string& module = run.def->func.module;
        return " waits because its module " + module + " cannot be used now: GET /api/v1/modules/" + module +
               " says why.";
    }
    std::string text = " is ready since " + iso_time(run.updated) + " and waits for ";
    if (fire.full.empty()) return text + "a free worker (workers.max).";
    return text + "a place under " + full_limits(fire) + ".";
}

/// The engine queues it when its time comes, unless something holds all.
std::string not_due_text(const FireCase& fire, const RunView& run) {
    if (run.due > fire.now) return " waits for its time, " + iso_time(run.due) + ".";
    const std::string hold = hold_text(fire, run);
    return " is due since " + iso_time(run.due) + (hold.empty() ? " and about to be queued." : ", but " + hold + ".");
}

}  // namespace

std::string waiting_text(const FireCase& fire, const RunView& run) {
    const std::string text = run.state == RunState::waiting   ? not_due_text(fire, run)
                             : run.state == RunState::blocked ? blocked_text(fire, run)
                                                              : ready_text(fire, run);
    return text + passed_deadline(fire, run);
}

}  // namespace foliot::service

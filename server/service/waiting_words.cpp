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

std::string run_text(const FireCase& fire, const RunView& run) {
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

std::string module_text(const RunView& run) {
    const std::string& module = run.def->func.module;
    return " waits because its module " + module + " cannot be used now: GET /api/v1/modules/" + module + " says why.";
}

/// One that is due and not ready yet the engine queues, unless something holds all.
std::string place_text(const FireCase& fire, const RunView& run, Wait wait) {
    const bool ready = run.state == RunState::ready;
    const std::string text = ready ? " is ready since " + iso_time(run.updated) : " is due since " + iso_time(run.due);
    switch (wait) {
        case Wait::scheduler: return (ready ? " is ready, but " : text + ", but ") + hold_text(fire, run) + ".";
        case Wait::turn: return text + " and about to be queued.";
        case Wait::limit: return text + " and waits for a place under " + full_limits(fire) + ".";
        default: return text + " and waits for a free worker (workers.max).";
    }
}

std::string words_of(const FireCase& fire, const RunView& run, Wait wait) {
    switch (wait) {
        case Wait::time: return " waits for its time, " + iso_time(run.due) + ".";
        case Wait::job: return " is held back because the job is paused.";
        case Wait::run: return run_text(fire, run);
        case Wait::module: return module_text(run);
        default: return place_text(fire, run, wait);
    }
}

Wait wait_of_blocked(const FireCase& fire, const RunView& run) {
    const bool paused = fire.record.job.state.status == JobStatus::paused && run.origin != Origin::manual;
    return paused || run.reason == "paused" ? Wait::job : Wait::run;
}

}  // namespace

std::string_view name_of(Wait wait) {
    switch (wait) {
        case Wait::time: return "time";
        case Wait::turn: return "turn";
        case Wait::scheduler: return "scheduler";
        case Wait::job: return "job";
        case Wait::run: return "run";
        case Wait::module: return "module";
        case Wait::limit: return "limit";
        case Wait::worker: break;
    }
    return "worker";
}

Wait wait_of(const FireCase& fire, const RunView& run) {
    if (run.state == RunState::blocked) return wait_of_blocked(fire, run);
    if (run.state == RunState::waiting && run.due > fire.now) return Wait::time;
    if (!hold_text(fire, run).empty()) return Wait::scheduler;
    if (run.state == RunState::waiting) return Wait::turn;
    if (run.reason == engine::kModuleUnavailable && run.def) return Wait::module;
    return fire.full.empty() ? Wait::worker : Wait::limit;
}

std::string waiting_text(const FireCase& fire, const RunView& run) {
    return words_of(fire, run, wait_of(fire, run)) + passed_deadline(fire, run);
}

}  // namespace foliot::service

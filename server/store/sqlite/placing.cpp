// The second half of a turn: who is ready gets the places, as far as limits and deadlines allow.
#include "store/sqlite/deadlines.hpp"
#include "store/sqlite/turn.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace foliot::store::sqlite {
namespace {

constexpr LaneRange kAllLanes{0, std::numeric_limits<std::int64_t>::max()};
constexpr const char* kTooLate = "its deadline had passed before it could start";

}  // namespace

Claims::Claims(Work& work, const Params& params)
    : work_(work),
      params_(params),
      stops_before_(work.stops.size()),
      events_before_(work.events.size()),
      happened_before_(work.happened.mark()) {
    for (const std::string& module : params.in.unavailable) unavailable_.push_back(lanes_of_module(lane_of(module)));
}

const LaneRange* Claims::unavailable(std::int64_t lane) const {
    const auto found = std::find_if(unavailable_.begin(), unavailable_.end(),
                                    [&](const LaneRange& range) { return range.contains(lane); });
    return found == unavailable_.end() ? nullptr : &*found;
}

/// Each place goes to another lane first, so no more lanes need to be looked at than there are places.
void Claims::add_stored(Lanes& lanes) {
    const Room& room = params_.in.room;
    std::map<std::int64_t, int> found;
    if (room.any > 0) find_lanes(kAllLanes, params_.turns.any, room.any, found);
    for (const Room::Lane& own : room.lanes) {
        if (own.places <= 0) continue;
        find_lanes(lanes_of_module(own.lane), params_.turns.module[own.lane], own.places, found);
    }
    for (const auto& [lane, most] : found) {
        for (Stored& run : ready_runs(lane, most)) {
            if (!may_start(run)) continue;
            lanes[lane].push_back({true, stored_.size(), run.prio, run.due});
            stored_.push_back(std::move(run));
        }
    }
}

/// A loose scan: one step into the index a lane, however many runs are queued there; those behind `last` come first.
void Claims::find_lanes(const LaneRange& range, std::int64_t last, int wanted, std::map<std::int64_t, int>& found) {
    int seen = 0;
    const auto reaches_end = [&](std::int64_t after, std::int64_t end) {
        while (seen < wanted) {
            const auto lane = next_lane(after, end);
            if (!lane) return true;
            after = lane->lane;
            if (const LaneRange* closed = unavailable(lane->lane)) {
                after = closed->last;
                continue;
            }
            if (lane->most == 0) continue;
            found.emplace(lane->lane, lane->most);
            ++seen;
        }
        return false;
    };
    if (!next_lane(range.first - 1, range.last)) return;  // mostly nothing is queued
    const std::int64_t middle = std::clamp(last, range.first - 1, range.last);
    const bool whole = reaches_end(middle, range.last) && reaches_end(range.first - 1, middle);
    lanes_left_ = lanes_left_ || !whole;
}

std::optional<Claims::ReadyLane> Claims::next_lane(std::int64_t after, std::int64_t end) {
    // A paused engine starts runs by hand only, which may be few behind very many others.
    const Sql manual(
        "SELECT lane,job_key,rev FROM execution INDEXED BY exec_manual WHERE state=2 AND origin=1 AND lane>? AND "
        "lane<=?"
        " ORDER BY lane,prio DESC,due,id LIMIT 1");
    const Sql all(
        "SELECT lane,job_key,rev FROM execution WHERE state=2 AND lane>? AND lane<=?"
        " ORDER BY lane,prio DESC,due,id LIMIT 1");
    Query first = work_.db.query(params_.engine == EngineState::running ? all : manual);
    if (!first.bind(after, end).next()) return std::nullopt;
    return ReadyLane{first.integer(0), most_now(first.integer(0), JobKey{first.integer(1)}, first.integer(2))};
}

/// How many runs of the lane could start; all have the limits of this one.
int Claims::most_now(std::int64_t lane, JobKey job, std::int64_t rev) {
    const int places = most_places(params_.in.room, lane);
    if (!params_.slots.any_limit()) return places;
    const auto definition = work_.definitions.get_or_placeholder(work_.db, job, rev);
    return static_cast<int>(std::min<std::int64_t>(places, Slots::room(params_.slots.keys_of(*definition))));
}

std::vector<Claims::Stored> Claims::ready_runs(std::int64_t lane, int most) {
#define FOLIOT_READY                                                                                            \
    "SELECT "                                                                                                   \
    "e.id,e.job_key,e.rev,j.id,e.prio,e.due,e.nominal,e.attempt,e.origin,e.args,e.kwargs,coalesce(e.snoozes,0)" \
    "," FOLIOT_SINCE " FROM execution e"
#define FOLIOT_OF_LANE " e.lane=? ORDER BY e.prio DESC,e.due,e.id LIMIT ?"
    const Sql manual(
        FOLIOT_READY
        " INDEXED BY exec_manual JOIN job j ON j.key=e.job_key WHERE e.state=2 AND e.origin=1 AND" FOLIOT_OF_LANE);
    const Sql all(FOLIOT_READY " JOIN job j ON j.key=e.job_key WHERE e.state=2 AND" FOLIOT_OF_LANE);
    Query query = work_.db.query(params_.engine == EngineState::running ? all : manual);
    query.bind(lane, most);
    std::vector<Stored> runs;
    while (query.next()) {
        Stored& run = runs.emplace_back();
        run.rev = query.integer(2);
        run.prio = query.small(4);
        Assigned& assigned = run.assigned;
        run.due = assigned.due = query.integer(5);
        assigned.run = RunId{query.integer(0)};
        assigned.job = JobKey{query.integer(1)};
        assigned.job_id = query.text(3);
        assigned.nominal = query.integer(6);
        assigned.attempt = query.small(7);
        assigned.origin = static_cast<Origin>(query.integer(8));
        assigned.args = query.maybe_text(9);
        assigned.kwargs = query.maybe_text(10);
        assigned.snoozes = query.small(11);
        run.since = query.integer(12);
    }
    return runs;
}

/// Ends what cannot start any more.
bool Claims::may_start(Stored& run) {
    Assigned& assigned = run.assigned;
    try {
        assigned.def = work_.definitions.get(work_.db, assigned.job, run.rev);
    } catch (const SqlError&) {
        throw;
    } catch (const std::exception& error) {
        end_unstarted(assigned, RunState::error, "unresolved", error.what());
        return false;
    }
    assigned.deadline = deadline_of(run.since, *assigned.def);
    if (assigned.deadline != 0 && assigned.deadline <= work_.now) {
        end_unstarted(assigned, RunState::timeout, "deadline", kTooLate);
        return false;
    }
    assigned.lane = lane_of(assigned.def->func.module);
    run.keys = params_.slots.keys_of(*assigned.def);
    return true;
}

void Claims::end_unstarted(const Assigned& run, RunState state, std::string_view reason, std::string_view error) {
    work_.db.query("UPDATE execution SET state=?1,ended=?2,updated=?2,reason=?3,error=?4 WHERE id=?5")
        .bind(state, work_.now, reason, error, run.run)
        .run();
    work_.happened.ended(state, reason);
    ++ended_[run.job];
}

void Claims::add_births(Lanes& lanes) {
    for (std::size_t i = 0; i < births_.size(); ++i) {
        Birth& birth = births_[i];
        NewRun& run = birth.run;
        const Micros deadline = deadline_of(run.nominal, *birth.definition);
        if (deadline != 0 && deadline <= work_.now) {
            run.state = RunState::timeout;
            run.reason = "deadline";
            run.error = kTooLate;
            ++ended_[run.job];
            continue;
        }
        if (unavailable(run.lane) != nullptr) continue;
        birth.keys = params_.slots.keys_of(*birth.definition);
        lanes[run.lane].push_back({false, i, run.prio, run.due});
    }
}

bool Claims::take(const Candidate& candidate) {
    const auto& keys = candidate.stored ? stored_[candidate.index].keys : births_[candidate.index].keys;
    const bool taken = Slots::take(keys);
    refused_ = refused_ || !taken;
    return taken;
}

void Claims::place(TurnOut& out) {
    Lanes lanes;
    add_stored(lanes);
    add_births(lanes);
    const auto chosen = share_places(
        std::move(lanes), params_.in.room, params_.turns, [this](const Candidate& run) { return take(run); },
        params_.slots.any_limit());
    for (const Candidate& candidate : chosen) {
        if (candidate.stored) {
            current_ = JobKey{};
            start_stored(stored_[candidate.index], out);
        } else {
            start_birth(births_[candidate.index], out);
        }
    }
    for (const Birth& birth : births_) {
        current_ = birth.run.job;
        if (birth.run.state != RunState::assigned) insert_run(work_, birth.run);
    }
    for (const auto& [job, ended] : ended_) {
        current_ = job;
        promote(work_, job, ended);
    }
    // A lane that found its limit, or its module's share, taken by another leaves a place that one not looked at could
    // have had.
    const Room& room = params_.in.room;
    const bool kept = room.kept > 0 && std::cmp_less(chosen.size(), room.any);
    out.more = out.more || !ended_.empty() || ((refused_ || kept) && lanes_left_ && !chosen.empty());
}

void Claims::start_stored(Stored& run, TurnOut& out) {
    Assigned& assigned = run.assigned;
    assigned.claim = work_.ids.next();
    work_.db.query("UPDATE execution SET state=3,node=?,claim=?,updated=?,reason=NULL WHERE id=? AND state=2")
        .bind(params_.fence.node, assigned.claim, work_.now, assigned.run)
        .run();
    out.assigned.push_back(std::move(assigned));
}

void Claims::start_birth(Birth& birth, TurnOut& out) {
    NewRun& run = birth.run;
    current_ = run.job;
    run.state = RunState::assigned;
    run.node = params_.fence.node;
    run.claim = work_.ids.next();
    const RunId id = insert_run(work_, run);
    const Definition& definition = *birth.definition;
    out.assigned.push_back({.run = id,
                            .claim = *run.claim,
                            .job = run.job,
                            .job_id = std::move(birth.job_id),
                            .lane = lane_of(definition.func.module),
                            .def = std::move(birth.definition),
                            .args = {},
                            .kwargs = {},
                            .nominal = run.nominal,
                            .attempt = run.attempt,
                            .origin = run.origin,
                            .deadline = deadline_of(run.nominal, definition),
                            .due = run.due});
}

}  // namespace foliot::store::sqlite

#include "model/workers.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace foliot::testing {
namespace {

void must(bool holds, const std::string& what) {
    if (!holds) throw std::logic_error(what);
}

std::string text(RunId run) { return "run " + std::to_string(raw(run)); }

}  // namespace

void Workers::submit(std::vector<runner::RunOrder> orders) {
    for (auto& order : orders) {
        const RunId run = order.assigned.run;
        must(claims_.insert(order.assigned.claim).second,
             text(run) + " came with a claim number that was given before");
        must(!begun.contains(run), text(run) + " was given out again though its code had begun");
        must(std::none_of(held.begin(), held.end(), [&](const Held& h) { return h.order.assigned.run == run; }),
             text(run) + " was given out twice");
        on_submit(order);
        held.push_back({std::move(order)});
    }
}

void Workers::stop(RunId run, StopWhy) {
    for (Held& h : held) {
        if (h.order.assigned.run == run) h.stop = true;
    }
    stopped.insert(run);
}

runner::Collected Workers::collect() {
    unsaid_.clear();  // collecting again says that the batch before is stored
    for (const auto& finished : next_.finished) {
        store::LedgerEntry entry;
        entry.says = store::LedgerSays::ended;
        entry.outcome = finished.verdict.outcome;
        entry.started = finished.started;
        entry.ended = finished.ended;
        unsaid_[{finished.run, finished.claim}] = entry;
    }
    runner::Collected out = std::exchange(next_, {});
    out.room.any = std::max(0, places - static_cast<int>(held.size()));
    return out;
}

void Workers::begin(std::size_t index) {
    Held& h = held.at(index);
    if (h.begun) return;
    h.begun = true;
    must(begun.insert(h.order.assigned.run).second, text(h.order.assigned.run) + " ran twice");
}

void Workers::end(std::size_t index, const Verdict& verdict, Micros now) {
    begin(index);
    const auto& assigned = held.at(index).order.assigned;
    store::Finished finished;
    finished.run = assigned.run;
    finished.claim = assigned.claim;
    finished.verdict = verdict;
    finished.started = finished.ended = now;
    ended[assigned.run] = verdict;
    next_.finished.push_back(std::move(finished));
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(index));
}

void Workers::give_back(std::size_t index) {
    const auto& assigned = held.at(index).order.assigned;
    must(!held.at(index).begun, "only a run that has not begun can be given back");
    next_.given_back.push_back({assigned.run, assigned.claim});
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(index));
}

std::map<std::pair<RunId, std::int64_t>, store::LedgerEntry> Workers::die(Micros now) {
    collect();
    auto ledger = std::exchange(unsaid_, {});
    for (const Held& h : held) {
        store::LedgerEntry entry;
        entry.says = h.begun ? store::LedgerSays::started : store::LedgerSays::not_started;
        entry.started = h.begun ? now : 0;
        ledger[{h.order.assigned.run, h.order.assigned.claim}] = entry;
    }
    held.clear();
    return ledger;
}

}  // namespace foliot::testing

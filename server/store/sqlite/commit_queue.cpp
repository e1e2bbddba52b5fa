#include "store/sqlite/commit_queue.hpp"

namespace foliot::store::sqlite {
namespace {
constexpr int kMaxApiUnits = 128;
}

void CommitQueue::submit(Unit& unit) {
    std::unique_lock lock(mutex_);
    waiting_.push_back(&unit);
    if (led_) {
        unit.wake.wait(lock, [&] { return unit.served || unit.leads; });
    } else {
        led_ = unit.leads = true;
    }
    while (!unit.served) lead(lock);
    if (unit.leads) {
        led_ = !waiting_.empty();
        if (led_) {
            waiting_.front()->leads = true;
            waiting_.front()->wake.notify_one();
        }
    }
    lock.unlock();
    if (unit.error) std::rethrow_exception(unit.error);
}

void CommitQueue::lead(std::unique_lock<std::mutex>& lock) {
    const std::vector<Unit*> batch = take_batch();
    lock.unlock();
    std::vector<Unit*> left;
    committer_(batch);
    lock.lock();
    for (Unit* unit : batch) {
        if (unit->settled) {
            unit->served = true;  // its caller, and the unit with it, goes as soon as the lock is free
            unit->wake.notify_one();
        } else {
            left.push_back(unit);
        }
    }
    waiting_.insert(waiting_.begin(), left.begin(), left.end());
}

/// The head of the queue is always among them, so whoever leads next gets served.
std::vector<Unit*> CommitQueue::take_batch() {
    std::vector<Unit*> turns, api, bulk;
    std::deque<Unit*> rest;
    for (Unit* unit : waiting_) {
        if (unit->kind == Unit::Kind::turn && turns.empty()) {
            turns.push_back(unit);
        } else if (unit->kind == Unit::Kind::api && api.size() < kMaxApiUnits) {
            api.push_back(unit);
        } else if (unit->kind == Unit::Kind::bulk && bulk.empty()) {
            bulk.push_back(unit);
        } else {
            rest.push_back(unit);
        }
    }
    waiting_ = std::move(rest);
    turns.insert(turns.end(), api.begin(), api.end());
    turns.insert(turns.end(), bulk.begin(), bulk.end());
    return turns;
}

}  // namespace foliot::store::sqlite

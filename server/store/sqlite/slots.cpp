#include "store/sqlite/slots.hpp"

#include <algorithm>
#include <limits>

namespace foliot::store::sqlite {
namespace {

/// Calls `use(key, cap)` for each limit that holds for such a run.
template <class Use>
void for_each_limit(const Limits::Caps& caps, const Definition& definition, Use use) {
    const auto look = [&](const std::string& key) {
        if (const auto found = caps.find(key); found != caps.end()) use(found->first, found->second);
    };
    look("running");
    look("module:" + definition.func.module);
    for (const std::string& tag : definition.tags) look("tag:" + tag);
}

}  // namespace

Slots::Keys Slots::keys_of(const Definition& definition) {
    Keys keys;
    if (!any_limit()) return keys;
    for_each_limit(work_.limits.get(work_.db), definition,
                   [&](const std::string& key, std::int64_t cap) { keys.push_back(&slot(key, cap)); });
    return keys;
}

Slots::Slot& Slots::slot(const std::string& key, std::int64_t cap) {
    const auto [at, fresh] = slots_.try_emplace(key);
    if (fresh) {
        const std::int64_t used = work_.db.query("SELECT used FROM slot WHERE k=?").bind(key).number();
        at->second = {cap, used, used, used};
    }
    return at->second;
}

std::int64_t Slots::room(const Keys& keys) {
    std::int64_t room = std::numeric_limits<int>::max();
    for (const Slot* slot : keys) room = std::min(room, std::max<std::int64_t>(0, slot->cap - slot->used));
    return room;
}

bool Slots::take(const Keys& keys) {
    if (room(keys) == 0) return false;
    for (Slot* slot : keys) ++slot->used;
    return true;
}

void Slots::release(const Keys& keys) {
    for (Slot* slot : keys) slot->used = std::max<std::int64_t>(0, slot->used - 1);
}

void Slots::release(JobKey job, std::int64_t rev) {
    release(keys_of(*work_.definitions.get_or_placeholder(work_.db, job, rev)));
}

void Slots::mark() {
    for (auto& [key, slot] : slots_) slot.marked = slot.used;
}

void Slots::back_to_mark() {
    for (auto& [key, slot] : slots_) slot.used = slot.marked;
}

void Slots::store() {
    for (auto& [key, slot] : slots_) {
        if (slot.used == slot.stored) continue;
        work_.db.query("UPDATE slot SET used=? WHERE k=?").bind(slot.used, key).run();
        slot.stored = slot.used;
    }
}

void set_limits(Work& work, const RunLimits& limits) {
    work.limits.forget();
    work.db.query("DELETE FROM slot").run();
    const auto add = [&](const std::string& key, std::int64_t cap) {
        work.db.query("INSERT INTO slot(k,cap,used) VALUES(?,?,0)").bind(key, cap).run();
    };
    if (limits.running > 0) add("running", limits.running);
    for (const auto& [module, cap] : limits.modules) add("module:" + module, cap);
    for (const auto& [tag, cap] : limits.tags) add("tag:" + tag, cap);
    recount_slots(work);
}

void recount_slots(Work& work) {
    const Limits::Caps& caps = work.limits.get(work.db);
    if (caps.empty()) return;
    std::map<std::string, std::int64_t> used;
    Query live = work.db.query("SELECT job_key,rev FROM execution WHERE state<10 AND state IN (3,4,5)");
    while (live.next()) {
        const auto definition = work.definitions.get_or_placeholder(work.db, JobKey{live.integer(0)}, live.integer(1));
        for_each_limit(caps, *definition, [&](const std::string& key, std::int64_t) { ++used[key]; });
    }
    for (const auto& [key, cap] : caps) {
        work.db.query("UPDATE slot SET used=? WHERE k=?").bind(used[key], key).run();
    }
}

}  // namespace foliot::store::sqlite

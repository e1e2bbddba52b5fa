#include "store/sqlite/definitions.hpp"

namespace foliot::store::sqlite {
namespace {
constexpr std::size_t kGeneration = 16'384;
}

Definitions::Ptr Definitions::find(const Key& key) {
    const std::lock_guard lock(mutex_);
    forget_old_zones();
    if (const auto hit = young_.find(key); hit != young_.end()) return hit->second;
    const auto hit = old_.find(key);
    if (hit == old_.end()) return nullptr;
    Ptr definition = std::move(hit->second);
    old_.erase(hit);
    keep(key, definition);
    return definition;
}

/// Zones are compiled into definitions.
void Definitions::forget_old_zones() {
    const unsigned refreshes = trigger::tz_refreshes();
    if (refreshes == zones_) return;
    zones_ = refreshes;
    young_.clear();
    old_.clear();
}

void Definitions::keep(const Key& key, Ptr definition) {
    if (young_.size() >= kGeneration) {
        old_ = std::move(young_);
        young_.clear();
    }
    young_[key] = std::move(definition);
}

Definitions::Ptr Definitions::get(Connection& db, JobKey job, std::int64_t rev) {
    const Key key{raw(job), rev};
    const unsigned zones = trigger::tz_refreshes();
    if (Ptr hit = find(key)) return hit;
    Query query = db.query("SELECT def FROM job_rev WHERE job_key=? AND rev=?");
    if (!query.bind(job, rev).next()) {
        throw std::runtime_error("job " + std::to_string(raw(job)) + " has no definition of revision " +
                                 std::to_string(rev));
    }
    auto definition = std::make_shared<const Definition>(definition_from_json(query.text(0)));
    const std::lock_guard lock(mutex_);
    if (zones == zones_) keep(key, definition);
    return definition;
}

Definitions::Ptr Definitions::get_or_placeholder(Connection& db, JobKey job, std::int64_t rev) {
    try {
        return get(db, job, rev);
    } catch (const SqlError&) {
        throw;
    } catch (const std::exception& e) {
        auto placeholder = std::make_shared<Definition>();
        placeholder->name = "(unreadable)";
        placeholder->description = e.what();
        return placeholder;
    }
}

void Definitions::clear() {
    const std::lock_guard lock(mutex_);
    young_.clear();
    old_.clear();
}

}  // namespace foliot::store::sqlite

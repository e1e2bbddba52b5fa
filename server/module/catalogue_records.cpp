// What the catalogue knew before, in memory and in the database, and what it keeps of it.
#include "base/log.hpp"
#include "base/time_text.hpp"
#include "module/catalogue.hpp"
#include "module/metadata.hpp"

#include <utility>

namespace foliot::module {
namespace {

/// The last good version, as it was stored beside the present status.
std::shared_ptr<const Module> stored_good(const store::ModuleRecord& record) {
    if (record.meta.empty()) return nullptr;
    try {
        Module good;
        good.name = record.name;
        good.path = record.path;
        good.version = declared_version(record.meta);
        good.functions = parse_metadata(record.meta, good.name, good.version);
        good.meta = record.meta;
        return std::make_shared<const Module>(std::move(good));
    } catch (const MetadataError&) {
        return nullptr;
    }
}

store::ModuleRecord record_of(const Module& module) {
    const std::string& meta = module.last_good ? module.last_good->meta : module.meta;
    return {module.name,
            module.path,
            module.identity,
            module.version,
            std::string(status_name(module.status)),
            module.problem,
            meta,
            0};
}

}  // namespace

bool Catalogue::Before::is_place_of(const std::string& name, const std::string& path) const {
    if (const auto module = modules.find(name); module != modules.end()) return module->second->path == path;
    const auto record = records.find(name);
    return record != records.end() && record->second.path == path;
}

Catalogue::ModulePtr Catalogue::Before::last_good(const std::string& name) const {
    if (const auto module = modules.find(name); module != modules.end())
        return module->second->status == Status::ok ? module->second : module->second->last_good;
    const auto record = records.find(name);
    return record == records.end() ? nullptr : stored_good(record->second);
}

Catalogue::Before Catalogue::before() const {
    Before before;
    before.records = stored();
    const std::lock_guard lock(mutex_);
    before.modules = modules_;
    return before;
}

Catalogue::Records Catalogue::stored() const {
    Records records;
    try {
        for (store::ModuleRecord& record : store_.read()->modules()) records.emplace(record.name, std::move(record));
    } catch (const store::StoreUnavailable& error) {
        log::warning("catalogue-not-kept",
                     std::string("modules are examined anew, what is known of them cannot be read: ") + error.what());
    }
    return records;
}

/// What had been good and has no file any more stays for a while, so that nobody wonders what the jobs' function was.
bool Catalogue::keep_missing(ByName& found, const Before& before, const std::string& unreadable) const {
    const Micros now = store_.now();
    bool any_unknown = false;
    const auto keep = [&](const std::string& name, const std::string& path, std::optional<Micros> gone) {
        if (found.contains(name)) return;
        Module module;
        module.last_good = before.last_good(name);
        module.name = name;
        module.path = path;
        if (module.last_good) module.version = module.last_good->version;
        const Micros since = gone.value_or(now);
        if (!gone && !unreadable.empty()) {
            any_unknown = true;
            module.status = Status::load_error;
            module.problem = "it is not known whether its file is still there: " + unreadable;
        } else if (module.last_good && now - since <= kGoneShown) {
            module.status = Status::gone;
            module.gone_since = since;
            module.problem = "its file was removed; put it back, or give its jobs another function. Missed since ";
            module.problem += iso_time(since);
        } else {
            return;
        }
        found.emplace(name, std::make_shared<const Module>(std::move(module)));
    };
    for (const auto& [name, module] : before.modules) {
        const bool is_gone = module->status == Status::gone;
        keep(name, module->path, is_gone ? std::optional(module->gone_since) : std::nullopt);
    }
    for (const auto& [name, record] : before.records) {
        if (before.modules.contains(name)) continue;
        const bool is_gone = record.status == status_name(Status::gone);
        keep(name, record.path, is_gone ? std::optional(record.at) : std::nullopt);
    }
    return any_unknown;
}

void Catalogue::persist(const ByName& found, const Records& known) {
    std::vector<store::ModuleRecord> changed;
    std::vector<std::string> gone;
    const Micros now = store_.now();
    for (const auto& [name, module] : found) {
        store::ModuleRecord record = record_of(*module);
        const auto before = known.find(name);
        record.at = before == known.end() ? 0 : before->second.at;
        if (before != known.end() && before->second == record) continue;
        record.at = module->status == Status::gone ? module->gone_since : now;
        changed.push_back(std::move(record));
    }
    for (const auto& [name, record] : known)
        if (!found.contains(name)) gone.push_back(name);
    if (changed.empty() && gone.empty()) return;
    try {
        store_.write(store::Store::Class::bulk, [&](store::Tx& tx) {
            for (const store::ModuleRecord& record : changed) tx.put_module(record);
            for (const std::string& name : gone) tx.remove_module(name);
        });
    } catch (const std::runtime_error& error) {  // unavailable, or a commit of unknown fate
        log::warning(
            "catalogue-not-kept",
            std::string("the catalogue of modules is not saved, the next start examines them anew: ") + error.what());
    }
}

}  // namespace foliot::module

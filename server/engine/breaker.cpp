#include "engine/breaker.hpp"

#include "base/json.hpp"
#include "base/log.hpp"

#include <utility>

namespace foliot::engine {

std::string way_out(const std::string& func) {
    return "install another version of its module, or: foliot functions resume " + func + " (POST /api/v1/functions/" +
           func + "/resume)";
}

Breaker::Course Breaker::course_of(const FuncRef& func, const std::string& identity) {
    if (!any_) return Course::usual;
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(func.text());
    if (found == entries_.end()) return Course::usual;
    if (found->second.told.identity == identity) return found->second.has_tripped ? Course::refused : Course::alone;
    if (found->second.has_tripped) released_.push_back(found->first);
    entries_.erase(found);
    any_ = !entries_.empty();
    return Course::usual;
}

std::optional<Breaker::Tripped> Breaker::crashed(const FuncRef& func, const std::string& identity, bool alone,
                                                 Micros at, const std::string& why) {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[func.text()];
    any_ = true;
    if (entry.has_tripped) return std::nullopt;  // of whatever version: what is run begins with course_of()
    if (entry.told.func.empty() || entry.told.identity != identity)
        entry = {{.func = func.text(), .identity = identity, .why = {}}};
    if (!alone) return std::nullopt;
    ++entry.told.crashes;
    entry.told.why = why;
    if (limit_ == 0 || entry.told.crashes < limit_) return std::nullopt;
    entry.has_tripped = true;
    entry.told.since = at;
    return entry.told;
}

void Breaker::succeeded(const FuncRef& func) {
    if (!any_) return;
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(func.text());
    if (found == entries_.end() || found->second.has_tripped) return;
    entries_.erase(found);
    any_ = !entries_.empty();
}

std::optional<Breaker::Tripped> Breaker::tripped(const std::string& func) const {
    if (!any_) return std::nullopt;
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(func);
    if (found == entries_.end() || !found->second.has_tripped) return std::nullopt;
    return found->second.told;
}

std::vector<Breaker::Tripped> Breaker::tripped() const {
    const std::lock_guard lock(mutex_);
    std::vector<Tripped> all;
    for (const auto& [func, entry] : entries_) {
        if (entry.has_tripped) all.push_back(entry.told);
    }
    return all;
}

std::vector<std::string> Breaker::take_released() {
    const std::lock_guard lock(mutex_);
    return std::exchange(released_, {});
}

std::optional<Breaker::Tripped> Breaker::resume(const std::string& func) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(func);
    if (found == entries_.end() || !found->second.has_tripped) return std::nullopt;
    Tripped was = found->second.told;
    // Its next runs have processes of their own, until one succeeds.
    found->second = {{.func = func, .identity = was.identity, .why = {}}};
    return was;
}

void Breaker::trip(Tripped again) {
    const std::lock_guard lock(mutex_);
    any_ = true;
    const std::string func = again.func;
    entries_[func] = {std::move(again), true};
}

std::string Breaker::text() const {
    json::Writer writer;
    writer.begin_array();
    for (const Tripped& one : tripped()) {
        writer.begin_object().field("func", one.func).field("identity", one.identity);
        writer.field("crashes", std::int64_t{one.crashes}).field("since", one.since).field("why", one.why).end_object();
    }
    return writer.end_array().take();
}

void Breaker::read(const std::string& text) {
    if (text.empty()) return;
    try {
        const auto list = json::parse(text);
        for (const json::Value& item : list.items) {
            const auto word = [&](std::string_view key) {
                const json::Value* found = item.find(key);
                return found == nullptr ? std::string() : found->string;
            };
            const auto number = [&](std::string_view key) {
                const json::Value* found = item.find(key);
                return found == nullptr ? 0 : found->integer;
            };
            trip({.func = word("func"),
                  .identity = word("identity"),
                  .crashes = static_cast<int>(number("crashes")),
                  .since = number("since"),
                  .why = word("why")});
        }
    } catch (const json::SyntaxError& e) {
        log::warning("breaker-not-read",
                     std::string("which functions are not to be run cannot be read, so all are: ") + e.what());
    }
}

}  // namespace foliot::engine

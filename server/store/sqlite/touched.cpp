#include "store/sqlite/touched.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace foliot::store::sqlite {
namespace {

void tell_each(std::vector<std::int64_t>& rows, Event::Kind kind, std::vector<Event>& events) {
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (const std::int64_t row : rows) events.push_back({kind, row});
    rows.clear();
}

}  // namespace

/// Their numbers are the rows' own. Rows of executions and jobs go only when history is pruned.
void Touched::watch(Connection& db) {
    const auto note = [](void* self, int change, const char* /*database*/, const char* table, sqlite3_int64 row) {
        if (change == SQLITE_DELETE) return;
        auto& touched = *static_cast<Touched*>(self);
        if (table == std::string_view("execution")) touched.runs_.push_back(row);
        if (table == std::string_view("job")) touched.jobs_.push_back(row);
        if (table == std::string_view("module")) touched.modules_.push_back(row);
        if (table == std::string_view("ending")) touched.ending_ = true;
    };
    sqlite3_update_hook(db.handle(), note, this);
}

void Touched::forget() {
    runs_.clear();
    jobs_.clear();
    modules_.clear();
    ending_ = false;
}

void Touched::tell(std::vector<Event>& events) {
    tell_each(jobs_, Event::Kind::job_touched, events);
    tell_each(modules_, Event::Kind::module_touched, events);
    tell_each(runs_, Event::Kind::run_touched, events);
    if (std::exchange(ending_, false)) events.push_back({Event::Kind::ending_noted, 0});
}

}  // namespace foliot::store::sqlite

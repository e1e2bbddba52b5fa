#include "store/sqlite/id_marks.hpp"

#include "store/sqlite/meta.hpp"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace foliot::store::sqlite {
namespace {

constexpr const char* kKey = "id_marks";
constexpr Micros kAhead = 600 * kSecond;  // less is a step back that is waited for
constexpr Micros kLeastPause = 60 * kSecond;
constexpr int kMarksAnAge = 16;

struct Mark {
    std::int64_t id;
    Micros at;
};

/// In order of both.
std::vector<Mark> marks(Connection& db) {
    std::vector<Mark> out;
    std::istringstream text(get_meta(db, kKey).value_or(""));
    for (Mark mark{}; text >> mark.id >> mark.at;) out.push_back(mark);
    return out;
}

void put_marks(Connection& db, const std::vector<Mark>& marks) {
    std::ostringstream text;
    for (const Mark& mark : marks) text << mark.id << ' ' << mark.at << '\n';
    set_meta(db, kKey, text.str());
}

}  // namespace

void mark_ids(Work& work, const Retention& retention) {
    const auto [shorter, longer] = std::minmax(retention.max_age, retention.audit_max_age);
    const Micros shortest = shorter > 0 ? shorter : longer;
    if (shortest == 0) return;
    const Mark newest{work.ids.next(), work.now};
    std::vector<Mark> known = marks(work.db);
    if (IdGenerator::time_of(newest.id) <= newest.at + kAhead) {
        if (!known.empty()) put_marks(work.db, {});
        return;
    }
    std::erase_if(known, [&](const Mark& mark) { return mark.at > newest.at; });  // the clock was set back again
    if (!known.empty() && newest.at - known.back().at < std::max(shortest / kMarksAnAge, kLeastPause)) return;
    while (known.size() > 1 && known[1].at < newest.at - longer) known.erase(known.begin());
    known.push_back(newest);
    put_marks(work.db, known);
    set_meta(work.db, "last_id", std::to_string(newest.id));  // what comes after a restart is younger
}

IdBound first_id_since(Connection& db, Micros instant) {
    if (instant <= 0) return {};
    IdBound bound{IdGenerator::first_at(instant), false};
    for (const Mark& mark : marks(db)) {
        if (mark.at < instant && mark.id > bound.id) bound = {mark.id, true};
    }
    return bound;
}

}  // namespace foliot::store::sqlite

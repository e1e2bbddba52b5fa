// What one unit of work, or a turn, has at hand while the writer runs it inside a transaction.
#pragma once

#include "base/ids.hpp"
#include "store/sqlite/db.hpp"
#include "store/sqlite/definitions.hpp"
#include "store/sqlite/happened.hpp"
#include "store/sqlite/limits.hpp"
#include "store/store.hpp"

#include <vector>

namespace foliot::store::sqlite {

struct Work {
    Connection& db;
    Definitions& definitions;
    Limits& limits;
    IdGenerator& ids;
    Micros now;

    // Take effect after the commit only.
    std::vector<Event> events;
    std::vector<StopOrder> stops;  ///< handed to the runner by the next turn
    Happened happened{};
    bool wrote_definitions = false;  ///< a rollback must forget what was cached
    bool is_watched = true;          ///< those who watch are told of the rows that it touches

    void tell(Event::Kind kind, std::int64_t ref) { events.push_back({kind, ref}); }
};

/// For what reads inside a unit: nothing is to be done about its failures.
struct Unguarded {
    template <class Body>
    auto operator()(Body body) const {
        return body();
    }
};

}  // namespace foliot::store::sqlite

// Which executions, jobs and modules a connection changes, and whether ends are noted, as SQLite itself tells: no way
// to change one can be forgotten.
#pragma once

#include "store/sqlite/db.hpp"
#include "store/store.hpp"

#include <vector>

namespace foliot::store::sqlite {

class Touched {
  public:
    /// From now on, until the connection goes; this outlives it.
    void watch(Connection& db);
    void forget();
    /// Once each, and forgets them.
    void tell(std::vector<Event>& events);

  private:
    std::vector<std::int64_t> runs_, jobs_, modules_;
    bool ending_ = false;  ///< one was noted
};

}  // namespace foliot::store::sqlite

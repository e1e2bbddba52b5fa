// Which limits there are, in memory, so that a turn without limited runs asks the database nothing.
#pragma once

#include "store/sqlite/db.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace foliot::store::sqlite {

/// For the writer alone.
class Limits final {
  public:
    using Caps = std::map<std::string, std::int64_t, std::less<>>;  ///< by the slot table's key

    const Caps& get(Connection& db) {
        if (caps_) return *caps_;
        caps_.emplace();
        Query query = db.query("SELECT k,cap FROM slot");
        while (query.next()) caps_->emplace(query.text(0), query.integer(1));
        return *caps_;
    }
    /// After they were written, and after a rollback.
    void forget() { caps_.reset(); }

  private:
    std::optional<Caps> caps_;
};

}  // namespace foliot::store::sqlite

// Who did what.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>

namespace foliot::service {

struct AuditQuery {
    std::optional<Micros> from{}, until{};  ///< both ends included
    std::size_t limit = 10'000;
    std::optional<std::string> cursor{};                   ///< of an earlier page
    std::optional<std::string> job_id{}, event{}, user{};  ///< only these; slow: each entry is looked at
};

/// Thread-safe. Throws RequestError.
class AuditLog {
  public:
    explicit AuditLog(store::Store& store) : store_(store) {}

    /// Newest first; what was done to users, groups and tokens only for Admins. A page ends at 16 MiB of texts, too;
    /// `next` is set when there are more; as sift() does it where only some are wanted.
    store::Page<store::AuditEntry> list(const Caller& caller, const AuditQuery& query);
    std::string cursor_of(std::int64_t id) const { return store_.public_ids().hex(id); }
    Micros now() const { return store_.now(); }

  private:
    store::Store& store_;
};

}  // namespace foliot::service

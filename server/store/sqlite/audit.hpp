// The audit log: who did what, in the unit that did it.
#pragma once

#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

void add_audit(Work& work, const AuditEntry& entry);
Page<AuditEntry> page_of_audit(Connection& db, const AuditFilter& filter);

}  // namespace foliot::store::sqlite

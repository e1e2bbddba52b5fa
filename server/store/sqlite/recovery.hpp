// What becomes of runs that an earlier life of this node left behind.
#pragma once

#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

Recovered recover_runs(Work& work, const Fence& fence, const LedgerLookup& ledger, bool nothing_proven);

}  // namespace foliot::store::sqlite

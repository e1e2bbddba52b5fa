// How old ids are after the clock was set back: ids never go back, so until the clock has caught up the times they
// carry lie in the future and say nothing of their age.
#pragma once

#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

/// While ids run ahead of the clock: notes, now and then, up to which one they had come by now. For the ages of
/// `retention`; often enough that nothing stays much longer than it should.
void mark_ids(Work& work, const Retention& retention);

struct IdBound {
    std::int64_t id = 0;  ///< smaller ones were made before the instant
    bool marked = false;  ///< known by a mark: what a smaller one says of the future, it says by the clock of before
};
IdBound first_id_since(Connection& db, Micros instant);

}  // namespace foliot::store::sqlite

#include "store/sqlite/deadlines.hpp"

namespace foliot::store::sqlite {

Micros deadline_of(Work& work, RunId run, const Definition& definition) {
    if (definition.deadline == 0) return 0;
    // Ids are in order of time: the smallest is the first attempt, or the oldest one that history still has.
    Query first = work.db.query(
        "WITH RECURSIVE attempt(id,origin,nominal,due,parent) AS ("
        " SELECT id,origin,nominal,due,parent FROM execution WHERE id=?"
        " UNION ALL SELECT e.id,e.origin,e.nominal,e.due,e.parent FROM attempt a JOIN execution e ON e.id=a.parent"
        " WHERE a.origin=2)"
        " SELECT iif(origin=1,due,nominal) FROM attempt ORDER BY id LIMIT 1");
    return first.bind(run).number() + definition.deadline;
}

}  // namespace foliot::store::sqlite

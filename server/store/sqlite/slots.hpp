// Limits on the runs that are with workers at once: in all, of a module, with a tag. A run that finds one full stays
// ready; nothing is dropped.
#pragma once

#include "store/sqlite/work.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace foliot::store::sqlite {

/// What a turn takes and frees of the limits; written by store(), once a limit. Who has no limit pays nothing.
class Slots final {
  public:
    explicit Slots(Work& work) : work_(work) {}

    struct Slot {
        std::int64_t cap = 0, used = 0;
        std::int64_t stored = 0;  ///< what the table says
        std::int64_t marked = 0;
    };
    /// The limits of one run; they live as long as the Slots.
    using Keys = std::vector<Slot*>;

    bool any_limit() { return !work_.limits.get(work_.db).empty(); }
    Keys keys_of(const Definition& definition);
    /// How many more runs with these limits may start; a very large number without any.
    static std::int64_t room(const Keys& keys);
    static bool take(const Keys& keys);  ///< all or none
    static void release(const Keys& keys);
    /// A run that was with a worker, by its row.
    void release(JobKey job, std::int64_t rev);

    void mark();
    void back_to_mark();
    void store();

  private:
    Slot& slot(const std::string& key, std::int64_t cap);

    Work& work_;
    std::map<std::string, Slot> slots_;  // those that somebody asked for
};

void set_limits(Work& work, const RunLimits& limits);
/// Counts anew who is with workers; what the table says is taken for nothing.
void recount_slots(Work& work);

}  // namespace foliot::store::sqlite

// What became of a fire of a job, in words: pure functions from what the store knows.
#pragma once

#include "store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {

/// All that is known about one instant of one job.
struct FireCase {
    store::JobRecord record;
    Micros time = 0, now = 0;
    store::EngineState engine = store::EngineState::running;
    std::optional<store::RunView> row;     ///< that accounts for `time`
    std::vector<store::RunView> attempts;  ///< of the row, itself first, in order; not empty when there is a row
    std::vector<store::RunView> live;      ///< runs of the job that have not ended, the first few; blocked ones last
    std::vector<store::SlotView> full;     ///< limits on the job that have no place left
    std::string held;                      ///< why this server starts nothing now; "" when it does
    std::string broken_why;                ///< of a broken job, when it is known
    std::function<std::string(RunId)> id_of;
};

struct Explanation {
    std::string_view outcome;  ///< one word
    std::string text;          ///< sentences
    bool is_fire = false;      ///< would the present trigger, or the next run set by hand, fire at that instant?
    std::optional<Micros> previous_fire, next_fire;  ///< of the present trigger, around that instant
};

Explanation explain(const FireCase& fire);

// The two halves; outcome and text only.
Explanation explain_row(const FireCase& fire, const Explanation& around);
Explanation explain_absence(const FireCase& fire, const Explanation& around);

/// "No fire at T: ..." with the fires before and after it.
std::string no_fire_text(const FireCase& fire, const Explanation& around);

}  // namespace foliot::service

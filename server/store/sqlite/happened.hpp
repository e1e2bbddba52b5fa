// What a unit of work did that is counted once it is committed.
#pragma once

#include "store/tally.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace foliot::store::sqlite {

class Happened {
  public:
    void ended(RunState state, std::string_view reason, std::int64_t rows = 1) {
        endings_.push_back({state, number_of_reason(reason), rows});
    }
    void fires(RunState planned, std::int64_t number) {
        const FireFate fate = planned == RunState::missed    ? FireFate::missed
                              : planned == RunState::skipped ? FireFate::skipped
                                                             : FireFate::run;
        counts_.fires[static_cast<std::size_t>(fate)] += static_cast<std::uint64_t>(number);
    }
    void retried() { ++counts_.retries; }

    /// For what is taken back within a unit.
    struct Mark {
        std::size_t endings = 0;
        std::array<std::uint64_t, 3> fires{};
        std::uint64_t retries = 0;
    };
    Mark mark() const {
        Mark mark = counts_;
        mark.endings = endings_.size();
        return mark;
    }
    void back_to(const Mark& mark) {
        endings_.resize(mark.endings);
        counts_ = mark;
    }

    void append(const Happened& other);
    void count_in(Tally& tally, Micros now) const;

  private:
    struct Ending {
        RunState state = RunState::failed;
        std::size_t reason = 0;
        std::int64_t rows = 1;
    };
    std::vector<Ending> endings_;
    Mark counts_;
};

}  // namespace foliot::store::sqlite

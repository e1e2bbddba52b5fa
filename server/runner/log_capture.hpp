// The log lines of a run, kept within bounds.
#pragma once

#include "domain/output.hpp"
#include "runner/kept_text.hpp"

#include <deque>
#include <string>
#include <vector>

namespace foliot::runner {

/// At most `max` bytes (64 more for each line): the first lines and the last ones.
class LogCapture final {
  public:
    struct Line {
        OutputChunk chunk;
        std::uint64_t order = 0;  ///< of its arrival
    };

    void add(OutputChunk line, std::uint64_t order, std::size_t max);
    std::string last_lines(std::size_t count) const;

    /// Lines by their numbers, which count those that were dropped, too.
    std::uint64_t tail_begin() const { return head_.size() + dropped_; }
    std::uint64_t end() const { return tail_begin() + tail_.size(); }
    /// How many are missing from that number on.
    std::uint64_t missing_at(std::uint64_t number) const;
    const Line& at(std::uint64_t number) const;  ///< none that is missing

  private:
    std::vector<Line> head_;
    std::deque<Line> tail_;
    std::size_t head_bytes_ = 0, tail_bytes_ = 0;
    std::uint64_t dropped_ = 0;
    bool head_full_ = false;
};

}  // namespace foliot::runner

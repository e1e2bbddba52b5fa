// What runs print, told apart by the in-band markers and kept within bounds.
#pragma once

#include "base/clock.hpp"
#include "domain/execution.hpp"
#include "runner/live_output.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::runner {

/// Keeps at most `max` bytes of a text: its head and its tail, between them one line that says how much was left out.
class CappedText final {
  public:
    explicit CappedText(std::size_t max) : half_(max / 2) {}
    void append(std::string_view bytes);
    std::string take();  ///< empties it
    bool empty() const { return head_.empty(); }
    KeptText view() const { return {head_, dropped_, tail_}; }
    std::size_t head_size() const { return half_; }

  private:
    std::size_t half_;
    std::string head_, tail_;
    std::uint64_t dropped_ = 0;
};

/// One output pipe of a worker. A worker writes a marker after each run: what came before it is that run's.
class OutputCapture final {
  public:
    struct Segment {
        std::uint64_t run = 0;
        Micros at = 0;  ///< UTC, of its first byte; 0: empty
        std::string text;
    };

    OutputCapture(std::string nonce, std::size_t max) : nonce_(std::move(nonce)), text_(max) {}
    /// Adds the segments that `bytes` complete to `done`. Markers may be torn anywhere.
    void feed(std::string_view bytes, Micros now, std::vector<Segment>& done);
    /// What came after the last marker; for a worker that is dead.
    Segment rest();
    /// What came after the last marker, so far.
    KeptText view() const { return text_.view(); }
    std::size_t head_size() const { return text_.head_size(); }

  private:
    void keep(std::string_view bytes, Micros now);
    std::string nonce_;
    CappedText text_;
    Micros first_ = 0;
    std::string held_;  ///< may be the beginning of a marker
};

/// A run's log lines, at most `max` bytes (64 of them for each line): the first ones and the last ones.
class LogCapture final {
  public:
    void add(OutputChunk line, std::size_t max);
    std::string last_lines(std::size_t count) const;
    void move_to(std::vector<OutputChunk>& out);
    /// Adds the lines from `seen.lines` on, about `most` bytes of them, and moves it on. False: there are more.
    bool after(OutputPosition& seen, std::size_t most, std::vector<OutputChunk>& out) const;

  private:
    std::vector<OutputChunk> head_;
    std::deque<OutputChunk> tail_;
    std::size_t head_bytes_ = 0, tail_bytes_ = 0;
    std::uint64_t dropped_ = 0;
    bool head_full_ = false;
};

}  // namespace foliot::runner

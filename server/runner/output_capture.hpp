// What runs print, told apart by the in-band markers and kept within bounds. Each stream of a run has bounds of its
// own, so that a flood on one washes nothing away on another; the order of all of them is in their arrivals.
#pragma once

#include "runner/kept_text.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace foliot::runner {

/// One output pipe of a worker. A worker writes a marker after each run: what came before it is that run's.
class OutputCapture final {
  public:
    struct Segment {
        std::uint64_t run = 0;
        CappedText text;
    };

    /// `max`: bytes kept of each run's.
    OutputCapture(std::string nonce, std::size_t max) : nonce_(std::move(nonce)), max_(max), text_(max) {}
    /// Adds the segments that `bytes` complete to `done`. Markers may be torn anywhere.
    void feed(std::string_view bytes, const Arrival& arrival, std::vector<Segment>& done);
    /// What came after the last marker; for a worker that is dead.
    CappedText rest();
    /// What came after the last marker, so far.
    KeptText view() const { return text_.view(); }

  private:
    void keep(std::string_view bytes, std::size_t& held, const Arrival& arrival);
    CappedText take();

    std::string nonce_;
    std::size_t max_;
    CappedText text_;
    std::string held_;  ///< may be the beginning of a marker
    Arrival held_arrival_;
};

}  // namespace foliot::runner

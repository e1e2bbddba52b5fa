// A text of which only head and tail are kept, and when its parts came.
#pragma once

#include "base/clock.hpp"
#include "domain/output.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::runner {

/// When something came from a worker: what came earlier, on whatever stream, has a smaller order.
struct Arrival {
    std::uint64_t order = 0;
    Micros at = 0;  ///< UTC
};

/// Numbers what comes from one worker. What comes on one stream within a few milliseconds, and nothing on another one
/// between, came at once: so a flood is not a piece for each read.
class Arrivals final {
  public:
    Arrival next(Stream stream, Micros now) {
        constexpr Micros together = 5 * kMillisecond;
        const bool goes_on = last_.order > 0 && stream == stream_ && now >= last_.at && now < last_.at + together;
        if (!goes_on) last_ = {last_.order + 1, now};
        stream_ = stream;
        return last_;
    }

  private:
    Arrival last_;
    Stream stream_ = Stream::out;
};

/// From byte `from` of what was written (not of what is kept) to the next part's.
struct Part {
    std::uint64_t from = 0;
    Arrival arrival;
};

/// A view; `parts` cover all that is kept.
struct KeptText {
    std::string_view head;
    std::uint64_t dropped = 0;
    std::string_view tail;
    std::span<const Part> parts{};

    std::uint64_t tail_begin() const { return head.size() + dropped; }
    std::uint64_t end() const { return tail_begin() + tail.size(); }
    /// At most `most` bytes of its end, none of them from before a gap.
    std::string last(std::size_t most) const;
};

/// Keeps at most `max` bytes of a text, its head and its tail, and the times of a bounded number of parts: beyond that
/// parts are joined, at the end of the head and at the beginning of the tail. Parts begin between characters (UTF-8).
class CappedText final {
  public:
    explicit CappedText(std::size_t max);
    void append(std::string_view bytes, const Arrival& arrival);
    bool empty() const { return written_ == 0; }
    KeptText view() const;
    /// Puts other texts in the place of what view() showed, as long as those (one for both where nothing is left out).
    void replace(std::string_view head, std::string_view tail);

  private:
    std::size_t begun_before(std::string_view bytes) const;
    void begin_part(std::uint64_t from, const Arrival& arrival);
    void trim();

    std::size_t half_, most_parts_;
    std::string head_, tail_;
    std::uint64_t written_ = 0, tail_begin_ = 0;
    std::vector<Part> parts_;
    std::size_t head_parts_ = 0;
};

}  // namespace foliot::runner

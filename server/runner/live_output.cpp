#include "runner/live_output.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace foliot::runner {

namespace {

constexpr std::uint64_t kNoOrder = std::numeric_limits<std::uint64_t>::max();

/// The part that byte `at` belongs to; nothing for a text without parts.
const Part* part_of(const KeptText& text, std::uint64_t at) {
    const auto later = std::upper_bound(text.parts.begin(), text.parts.end(), at,
                                        [](std::uint64_t wanted, const Part& part) { return wanted < part.from; });
    return later == text.parts.begin() ? nullptr : &*std::prev(later);
}

class TextCursor {
  public:
    TextCursor(Stream stream, const KeptText& text, std::uint64_t& from) : stream_(stream), text_(text), from_(from) {}

    std::uint64_t order() const {
        if (from_ >= text_.end()) return kNoOrder;
        const Part* part = part_of(text_, std::max(from_, in_head() ? 0 : text_.tail_begin()));
        return part == nullptr ? 0 : part->arrival.order;
    }

    /// The rest of a part, or `most` bytes of it, or what is missing before the next one.
    OutputChunk take(std::size_t most) {
        OutputChunk chunk{stream_};
        const std::uint64_t begin = std::max(from_, in_head() ? 0 : text_.tail_begin());
        const Part* part = part_of(text_, begin);
        if (part != nullptr) chunk.at = part->arrival.at;
        if (begin > from_) {
            chunk.left_out = begin - from_;
            from_ = begin;
            return chunk;
        }
        std::uint64_t end = in_head() && text_.dropped > 0 ? text_.head.size() : text_.end();
        if (part != nullptr && part != &text_.parts.back()) end = std::min(end, (part + 1)->from);
        chunk.data = slice(begin, static_cast<std::size_t>(std::min<std::uint64_t>(end - begin, most)));
        const std::size_t open = utf8::open_end(chunk.data);
        if (begin + chunk.data.size() < end && open < chunk.data.size()) chunk.data.resize(chunk.data.size() - open);
        from_ += chunk.data.size();
        return chunk;
    }

  private:
    /// Of what is kept; not across a gap.
    std::string slice(std::uint64_t begin, std::size_t length) const {
        if (!in_head()) return std::string(text_.tail.substr(begin - text_.tail_begin(), length));
        std::string bytes(text_.head.substr(begin, length));
        return bytes.append(text_.tail.substr(0, length - bytes.size()));
    }
    bool in_head() const { return from_ < text_.head.size(); }

    Stream stream_;
    const KeptText& text_;
    std::uint64_t& from_;
};

class LogCursor {
  public:
    LogCursor(const LogCapture& log, std::uint64_t& from) : log_(log), from_(from) {}

    std::uint64_t order() const {
        return from_ >= log_.end() ? kNoOrder : log_.at(from_ + log_.missing_at(from_)).order;
    }
    OutputChunk take() {
        if (const std::uint64_t missing = log_.missing_at(from_); missing > 0) {
            from_ += missing;
            return {.stream = Stream::log, .at = log_.at(from_).chunk.at, .left_out = missing};
        }
        return log_.at(from_++).chunk;
    }

  private:
    const LogCapture& log_;
    std::uint64_t& from_;
};

}  // namespace

bool put_in_order(const KeptText& out, const KeptText& err, const LogCapture& log, std::size_t most,
                  OutputPosition& seen, std::vector<OutputChunk>& chunks) {
    constexpr std::size_t overhead = 32;  // of a piece, so that many small ones are enough, too
    TextCursor texts[] = {{Stream::out, out, seen.out}, {Stream::err, err, seen.err}};
    LogCursor lines(log, seen.lines);
    for (std::size_t taken = 0;; taken += overhead + chunks.back().data.size() + chunks.back().fields.size()) {
        const std::array orders{texts[0].order(), texts[1].order(), lines.order()};
        const auto* const first = std::min_element(orders.begin(), orders.end());
        if (*first == kNoOrder) return true;
        if (taken >= most) return false;
        const auto which = static_cast<std::size_t>(first - orders.begin());
        chunks.push_back(which == 2 ? lines.take() : texts[which].take(most - taken));
    }
}

std::vector<OutputChunk> output_after(std::vector<OutputChunk> stored, const OutputPosition& seen) {
    OutputPosition at;
    std::vector<OutputChunk> rest;
    for (OutputChunk& chunk : stored) {
        const bool is_line = chunk.stream == Stream::log;
        std::uint64_t& number = is_line ? at.lines : chunk.stream == Stream::out ? at.out : at.err;
        const std::uint64_t wanted = is_line ? seen.lines : chunk.stream == Stream::out ? seen.out : seen.err;
        const std::uint64_t length = chunk.left_out > 0 ? chunk.left_out : is_line ? 1 : chunk.data.size();
        const std::uint64_t begin = std::exchange(number, number + length);
        if (number <= wanted) continue;
        const std::uint64_t known = wanted - std::min(wanted, begin);
        if (chunk.left_out > 0) {
            chunk.left_out -= known;
        } else if (!is_line) {
            chunk.data.erase(0, known);
        }
        rest.push_back(std::move(chunk));
    }
    return rest;
}

}  // namespace foliot::runner

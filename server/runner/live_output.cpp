#include "runner/live_output.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace foliot::runner {

namespace {

constexpr std::string_view kBytesBefore = "\n[... ", kBytesBehind = " bytes left out ...]\n";
constexpr std::string_view kLinesBefore = "WARNING [... ", kLinesBehind = " lines left out ...]";

/// The number between the two; 0: `text` does not begin so. `length` is of all three.
std::uint64_t count_between(std::string_view before, std::string_view text, std::string_view behind,
                            std::size_t& length) {
    if (!text.starts_with(before)) return 0;
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data() + before.size(), text.data() + text.size(), count);
    const auto digits_end = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || !text.substr(digits_end).starts_with(behind)) return 0;
    length = digits_end + behind.size();
    return count;
}

/// How many lines are missing where this one stands.
std::uint64_t dropped_at(const OutputChunk& line) {
    std::size_t length = 0;
    const std::uint64_t count = count_between(kLinesBefore, line.data, kLinesBehind, length);
    return length == line.data.size() ? count : 0;
}

/// The log lines, by their numbers in what the run logged.
void lines_after(const std::vector<const OutputChunk*>& lines, const OutputPosition& seen,
                 std::vector<OutputChunk>& rest) {
    std::uint64_t number = 0;
    for (const OutputChunk* line : lines) {
        const bool may_tell = seen.log_head ? number == *seen.log_head : number >= seen.lines;
        const std::uint64_t dropped = may_tell ? dropped_at(*line) : 0;
        const std::uint64_t end = number + std::max<std::uint64_t>(dropped, 1);
        if (dropped > 0 && end > seen.lines) {
            rest.push_back({Stream::log, line->at, lines_left_out(end - std::max(number, seen.lines))});
        } else if (end > seen.lines) {
            rest.push_back(*line);
        }
        number = end;
    }
}

}  // namespace

std::string bytes_left_out(std::uint64_t count) {
    return std::string(kBytesBefore) + std::to_string(count) + std::string(kBytesBehind);
}

std::string lines_left_out(std::uint64_t count) {
    return std::string(kLinesBefore) + std::to_string(count) + std::string(kLinesBehind);
}

KeptText KeptText::of(std::string_view stored, std::uint64_t head_size) {
    if (stored.size() <= 2 * head_size) return {stored, 0, {}};
    const auto half = static_cast<std::size_t>(head_size);
    std::size_t length = 0;
    const std::uint64_t dropped = count_between(kBytesBefore, stored.substr(half), kBytesBehind, length);
    return {stored.substr(0, half), dropped, stored.substr(half + length)};
}

std::string KeptText::after(std::uint64_t& from, std::size_t most) const {
    std::string text;
    const auto take = [&](std::string_view part, std::uint64_t at) {
        const auto bytes = part.substr(std::min<std::uint64_t>(at, part.size()), most - std::min(most, text.size()));
        from += bytes.size();
        text.append(bytes);
    };
    if (from < head.size()) take(head, from);
    if (text.size() >= most) return text;
    const std::uint64_t tail_begin = head.size() + dropped;
    if (from < tail_begin) text += bytes_left_out(tail_begin - from);
    from = std::max(from, tail_begin);
    take(tail, from - tail_begin);
    return text;
}

std::vector<OutputChunk> output_after(const std::vector<OutputChunk>& stored, const OutputPosition& seen) {
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    std::vector<OutputChunk> rest;
    std::vector<const OutputChunk*> lines;
    for (const OutputChunk& chunk : stored) {
        if (chunk.stream == Stream::log) {
            lines.push_back(&chunk);
            continue;
        }
        std::uint64_t from = chunk.stream == Stream::out ? seen.out : seen.err;
        if (from == 0) {
            rest.push_back(chunk);
            continue;
        }
        const KeptText text = KeptText::of(chunk.data, seen.text_head);
        std::string after = text.after(from, all);
        if (!after.empty()) rest.push_back({chunk.stream, chunk.at, std::move(after)});
    }
    lines_after(lines, seen, rest);
    return rest;
}

}  // namespace foliot::runner

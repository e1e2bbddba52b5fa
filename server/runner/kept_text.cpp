#include "runner/kept_text.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace foliot::runner {
namespace {

constexpr std::size_t kBytesPerPart = 128, kLeastParts = 16;  // of head and tail each

std::string_view last_of(std::string_view text, std::size_t most) {
    return text.substr(text.size() - std::min(most, text.size()));
}

}  // namespace

std::string KeptText::last(std::size_t most) const {
    std::string text;
    if (dropped == 0) text = last_of(head, most - std::min(most, tail.size()));
    return text.append(last_of(tail, most));
}

CappedText::CappedText(std::size_t max)
    : half_(std::max<std::size_t>(1, max / 2)), most_parts_(std::max(kLeastParts, half_ / kBytesPerPart)) {}

void CappedText::append(std::string_view bytes, const Arrival& arrival) {
    if (bytes.empty()) return;
    const std::size_t begun = begun_before(bytes);
    if (begun < bytes.size()) begin_part(written_ + begun, arrival);
    written_ += bytes.size();
    const std::size_t to_head = std::min(bytes.size(), half_ - std::min(half_, head_.size()));
    head_.append(bytes.substr(0, to_head));
    bytes.remove_prefix(to_head);
    if (tail_.empty()) tail_begin_ = head_.size();
    if (bytes.size() > half_) {
        tail_.assign(last_of(bytes, half_));
        tail_begin_ = written_ - half_;
        return trim();
    }
    tail_.append(bytes);
    if (tail_.size() > 2 * half_) trim();  // not at each append: moving the tail costs its length
}

/// How many of the bytes belong to the character that the text so far ends within.
std::size_t CappedText::begun_before(std::string_view bytes) const {
    constexpr std::size_t longest = 4;
    std::string end = KeptText{head_, tail_begin_ - head_.size(), tail_}.last(longest);
    end = last_of(end, utf8::open_end(end));
    if (end.empty()) return 0;
    const std::size_t before = end.size();
    end.append(bytes.substr(0, longest - before));
    if (const std::size_t length = utf8::sequence_length(end); length > 0) return length - before;
    return utf8::open_end(end) == end.size() ? bytes.size() : 0;
}

void CappedText::begin_part(std::uint64_t from, const Arrival& arrival) {
    if (!parts_.empty() && parts_.back().arrival.order == arrival.order) return;
    if (from < half_) {
        if (parts_.size() == most_parts_) return;
        head_parts_ = parts_.size() + 1;
    } else if (parts_.size() - head_parts_ >= 2 * most_parts_) {
        trim();
    }
    parts_.push_back({from, arrival});
}

/// What no longer is in the tail goes; of too many parts the first one of the tail takes in those behind it.
void CappedText::trim() {
    if (tail_.size() > half_) {
        tail_begin_ += tail_.size() - half_;
        tail_.erase(0, tail_.size() - half_);
    }
    const auto tail_parts = parts_.begin() + static_cast<std::ptrdiff_t>(head_parts_);
    if (tail_parts == parts_.end()) return;
    const auto later =
        std::find_if(tail_parts, parts_.end(), [&](const Part& part) { return part.from > tail_begin_; });
    auto first = later == tail_parts ? tail_parts : later - 1;
    const auto count = static_cast<std::size_t>(parts_.end() - first);
    if (count > most_parts_) {
        const Part joined = *first;
        first += static_cast<std::ptrdiff_t>(count - most_parts_);
        first->from = joined.from;
        first->arrival = joined.arrival;
    }
    parts_.erase(tail_parts, first);
}

KeptText CappedText::view() const {
    std::string_view head = head_, tail = last_of(tail_, half_);
    if (head.size() + tail.size() < written_) {
        head.remove_suffix(utf8::open_end(head));
        tail.remove_prefix(utf8::open_start(tail));
    }
    return {head, written_ - tail.size() - head.size(), tail, parts_};
}

void CappedText::replace(std::string_view head, std::string_view tail) {
    if (head.size() + tail.size() == written_) {
        const std::string both = std::string(head).append(tail);
        head_ = both.substr(0, head_.size());
        tail_ = both.substr(head_.size());
    } else {
        head_ = head;
        tail_ = tail;
    }
    tail_begin_ = written_ - tail_.size();
}

}  // namespace foliot::runner

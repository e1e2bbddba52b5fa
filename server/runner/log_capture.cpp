#include "runner/log_capture.hpp"

#include <algorithm>

namespace foliot::runner {
namespace {

/// What a line costs, however short it is.
std::size_t cost_of(const OutputChunk& line) { return line.data.size() + line.fields.size() + 64; }

}  // namespace

void LogCapture::add(OutputChunk line, std::uint64_t order, std::size_t max) {
    const std::size_t size = cost_of(line);
    if (!head_full_ && head_bytes_ + size <= max / 2) {
        head_bytes_ += size;
        head_.push_back({std::move(line), order});
        return;
    }
    head_full_ = true;
    tail_bytes_ += size;
    tail_.push_back({std::move(line), order});
    while (tail_bytes_ > max / 2 && tail_.size() > 1) {
        tail_bytes_ -= cost_of(tail_.front().chunk);
        tail_.pop_front();
        ++dropped_;
    }
}

std::string LogCapture::last_lines(std::size_t count) const {
    std::string lines;
    const std::uint64_t first = end() - std::min<std::uint64_t>(end(), count);
    for (std::uint64_t number = first; number < end(); ++number) {
        number += missing_at(number);
        if (!lines.empty()) lines += '\n';
        lines += log_line(at(number).chunk);
    }
    return lines;
}

std::uint64_t LogCapture::missing_at(std::uint64_t number) const {
    return number < head_.size() || number >= tail_begin() ? 0 : tail_begin() - number;
}

const LogCapture::Line& LogCapture::at(std::uint64_t number) const {
    return number < head_.size() ? head_[number] : tail_[number - tail_begin()];
}

}  // namespace foliot::runner

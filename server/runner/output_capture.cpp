#include "runner/output_capture.hpp"

#include "process/frames.hpp"

#include <algorithm>
#include <cstring>

namespace foliot::runner {

void CappedText::append(std::string_view bytes) {
    const std::size_t to_head = std::min(bytes.size(), half_ - std::min(half_, head_.size()));
    head_.append(bytes.substr(0, to_head));
    bytes.remove_prefix(to_head);
    if (bytes.size() > half_) {
        dropped_ += tail_.size() + bytes.size() - half_;
        tail_.assign(bytes.substr(bytes.size() - half_));
        return;
    }
    tail_.append(bytes);
    if (tail_.size() > 2 * half_) {  // not at each append: moving the tail costs its length
        dropped_ += tail_.size() - half_;
        tail_.erase(0, tail_.size() - half_);
    }
}

std::string CappedText::take() {
    if (tail_.size() > half_) {
        dropped_ += tail_.size() - half_;
        tail_.erase(0, tail_.size() - half_);
    }
    std::string whole = std::move(head_);
    if (dropped_ > 0) whole += bytes_left_out(dropped_);
    whole += tail_;
    head_.clear();
    tail_.clear();
    dropped_ = 0;
    return whole;
}

namespace {

/// Length of the longest end of `bytes` that a nonce could begin with.
std::size_t torn_length(std::string_view bytes, std::string_view nonce) {
    for (std::size_t n = std::min(bytes.size(), nonce.size() - 1); n > 0; --n) {
        if (bytes.substr(bytes.size() - n) == nonce.substr(0, n)) return n;
    }
    return 0;
}

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[i]);
    return value;
}

}  // namespace

void OutputCapture::keep(std::string_view bytes, Micros now) {
    if (bytes.empty()) return;
    if (first_ == 0) first_ = now;
    text_.append(bytes);
}

void OutputCapture::feed(std::string_view bytes, Micros now, std::vector<Segment>& done) {
    std::string joined;
    if (!held_.empty()) {
        joined = std::move(held_);
        held_.clear();
        joined.append(bytes);
        bytes = joined;
    }
    for (;;) {
        const auto* found =
            static_cast<const char*>(::memmem(bytes.data(), bytes.size(), nonce_.data(), nonce_.size()));
        if (found == nullptr) break;
        const auto at = static_cast<std::size_t>(found - bytes.data());
        keep(bytes.substr(0, at), now);
        bytes.remove_prefix(at);
        if (bytes.size() < process::kMarkerBytes) {
            held_ = bytes;
            return;
        }
        const std::uint64_t run = little_endian(bytes.substr(process::kNonceBytes));
        done.push_back({run, first_, text_.take()});
        first_ = 0;
        bytes.remove_prefix(process::kMarkerBytes);
    }
    const std::size_t torn = torn_length(bytes, nonce_);
    keep(bytes.substr(0, bytes.size() - torn), now);
    held_ = bytes.substr(bytes.size() - torn);
}

OutputCapture::Segment OutputCapture::rest() {
    if (held_.size() < nonce_.size()) keep(held_, first_);
    held_.clear();
    Segment segment{0, first_, text_.take()};
    first_ = 0;
    return segment;
}

namespace {

/// What a line costs: each is stored as a row of its own, however short it is.
std::size_t cost_of(const OutputChunk& line) { return line.data.size() + 64; }

}  // namespace

void LogCapture::add(OutputChunk line, std::size_t max) {
    const std::size_t size = cost_of(line);
    if (!head_full_ && head_bytes_ + size <= max / 2) {
        head_bytes_ += size;
        head_.push_back(std::move(line));
        return;
    }
    head_full_ = true;
    tail_bytes_ += size;
    tail_.push_back(std::move(line));
    while (tail_bytes_ > max / 2 && tail_.size() > 1) {
        tail_bytes_ -= cost_of(tail_.front());
        tail_.pop_front();
        ++dropped_;
    }
}

std::string LogCapture::last_lines(std::size_t count) const {
    std::string lines;
    const std::size_t all = head_.size() + tail_.size();
    for (std::size_t i = all - std::min(all, count); i < all; ++i) {
        if (!lines.empty()) lines += '\n';
        lines += i < head_.size() ? head_[i].data : tail_[i - head_.size()].data;
    }
    return lines;
}

void LogCapture::move_to(std::vector<OutputChunk>& out) {
    for (OutputChunk& line : head_) out.push_back(std::move(line));
    if (dropped_ > 0) {
        out.push_back({Stream::log, tail_.front().at, lines_left_out(dropped_)});
    }
    for (OutputChunk& line : tail_) out.push_back(std::move(line));
    *this = LogCapture{};
}

bool LogCapture::after(OutputPosition& seen, std::size_t most, std::vector<OutputChunk>& out) const {
    const std::uint64_t tail_begin = head_.size() + dropped_;
    const std::uint64_t end = tail_begin + tail_.size();
    if (head_full_) seen.log_head = head_.size();
    for (std::size_t bytes = 0; seen.lines < end; ++seen.lines) {
        if (bytes >= most) return false;
        if (seen.lines >= head_.size() && seen.lines < tail_begin) {
            out.push_back({Stream::log, tail_.front().at, lines_left_out(tail_begin - seen.lines)});
            seen.lines = tail_begin;
        }
        const bool in_head = seen.lines < head_.size();
        const auto at = static_cast<std::size_t>(in_head ? seen.lines : seen.lines - tail_begin);
        out.push_back(in_head ? head_[at] : tail_[at]);
        bytes += out.back().data.size();
    }
    return true;
}

}  // namespace foliot::runner

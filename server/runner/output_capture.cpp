#include "runner/output_capture.hpp"

#include "process/frames.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace foliot::runner {

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

/// The first `held` of the bytes came earlier.
void OutputCapture::keep(std::string_view bytes, std::size_t& held, const Arrival& arrival) {
    const std::size_t earlier = std::min(held, bytes.size());
    text_.append(bytes.substr(0, earlier), held_arrival_);
    text_.append(bytes.substr(earlier), arrival);
    held -= earlier;
}

CappedText OutputCapture::take() { return std::exchange(text_, CappedText(max_)); }

void OutputCapture::feed(std::string_view bytes, const Arrival& arrival, std::vector<Segment>& done) {
    std::size_t held = held_.size();
    std::string joined;
    if (held > 0) {
        joined = std::exchange(held_, {});
        joined.append(bytes);
        bytes = joined;
    }
    for (;;) {
        const auto* found =
            static_cast<const char*>(::memmem(bytes.data(), bytes.size(), nonce_.data(), nonce_.size()));
        const bool torn = found == nullptr;
        const std::size_t at =
            torn ? bytes.size() - torn_length(bytes, nonce_) : static_cast<std::size_t>(found - bytes.data());
        keep(bytes.substr(0, at), held, arrival);
        bytes.remove_prefix(at);
        if (torn || bytes.size() < process::kMarkerBytes) break;
        done.push_back({little_endian(bytes.substr(process::kNonceBytes)), take()});
        bytes.remove_prefix(process::kMarkerBytes);
        held -= std::min(held, process::kMarkerBytes);
    }
    held_ = bytes;
    if (held == 0) held_arrival_ = arrival;
}

CappedText OutputCapture::rest() {
    if (held_.size() < nonce_.size()) text_.append(held_, held_arrival_);
    held_.clear();
    return take();
}

}  // namespace foliot::runner

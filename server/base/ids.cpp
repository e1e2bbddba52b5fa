#include "base/ids.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace foliot {
namespace {

constexpr int kCounterBits = 13;
constexpr int kNodeBits = 8;
constexpr int kLowBits = kCounterBits + kNodeBits;
constexpr std::int64_t kLowMask = (std::int64_t{1} << kLowBits) - 1;

void require_sodium() {
    static const bool ready = ::sodium_init() >= 0;
    if (!ready) throw std::runtime_error("libsodium cannot be initialised");
}

}  // namespace

IdGenerator::IdGenerator(const Clock& clock, unsigned node, std::int64_t last)
    : clock_(clock), node_bits_(static_cast<std::int64_t>(node & 0xFFU) << kCounterBits), last_(last) {}

std::int64_t IdGenerator::next() {
    const std::lock_guard lock(mutex_);
    const std::int64_t fresh = first_at(clock_.now()) | node_bits_;
    if (fresh > last_) return last_ = fresh;
    std::int64_t next = last_ + 1;
    const std::int64_t counter_mask = (std::int64_t{1} << kCounterBits) - 1;
    const bool same_node = (last_ & kLowMask & ~counter_mask) == node_bits_;
    if (!same_node || (next & counter_mask) == 0) next = (((last_ >> kLowBits) + 1) << kLowBits) | node_bits_;
    return last_ = next;
}

Micros IdGenerator::time_of(std::int64_t id) { return (id >> kLowBits) * kMillisecond; }
std::int64_t IdGenerator::first_at(Micros instant) { return (instant / kMillisecond) << kLowBits; }

PublicIds::Key PublicIds::random_key() {
    require_sodium();
    Key key{};
    ::randombytes_buf(key.data(), key.size());
    return key;
}

// RFC 9562: 48 bits milliseconds | version 7 | 12 bits | variant 10 | 62 bits. Our low 21 bits take the 12 and the
// first 9 of the 62; the 53 left are the keyed hash.
std::array<unsigned char, 16> PublicIds::bytes(std::int64_t id) const {
    require_sodium();
    static_assert(crypto_shorthash_BYTES == 8 && crypto_shorthash_KEYBYTES == 16);
    std::array<unsigned char, 8> in{};
    std::memcpy(in.data(), &id, sizeof id);
    std::array<unsigned char, 8> hash{};
    ::crypto_shorthash(hash.data(), in.data(), in.size(), key_.data());
    std::uint64_t filler = 0;
    std::memcpy(&filler, hash.data(), sizeof filler);

    const auto millis = static_cast<std::uint64_t>(id >> kLowBits);
    const auto low = static_cast<std::uint64_t>(id & kLowMask);
    const std::uint64_t high_half = (millis << 16) | (7ULL << 12) | (low >> 9);
    const std::uint64_t low_half = (2ULL << 62) | ((low & 0x1FFU) << 53) | (filler >> 11);
    std::array<unsigned char, 16> out{};
    for (unsigned i = 0; i < 8; ++i) {
        out[i] = static_cast<unsigned char>(high_half >> (56 - 8 * i));
        out[8 + i] = static_cast<unsigned char>(low_half >> (56 - 8 * i));
    }
    return out;
}

std::string to_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string PublicIds::hex(std::int64_t id) const {
    const auto raw = bytes(id);
    return to_hex({reinterpret_cast<const char*>(raw.data()), raw.size()});
}

std::string PublicIds::dashed(std::int64_t id) const {
    std::string text = hex(id);
    for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
    return text;
}

std::optional<std::int64_t> PublicIds::parse(std::string_view text) const {
    std::string plain;
    if (text.size() == 36) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool dash_here = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash_here != (text[i] == '-')) return std::nullopt;
            if (!dash_here) plain += text[i];
        }
    } else if (text.size() == 32) {
        plain = text;
    } else {
        return std::nullopt;
    }
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const char c = plain[i] >= 'A' && plain[i] <= 'F' ? static_cast<char>(plain[i] + ('a' - 'A')) : plain[i];
        plain[i] = c;
        const bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'a' && c <= 'f')) return std::nullopt;
        auto& half = i < 16 ? high : low;
        half = (half << 4U) | static_cast<std::uint64_t>(digit ? c - '0' : c - 'a' + 10);
    }
    const std::uint64_t low_bits = ((high & 0xFFFU) << 9U) | ((low >> 53U) & 0x1FFU);
    const auto id = static_cast<std::int64_t>(((high >> 16U) << kLowBits) | low_bits);
    if (id < 0 || hex(id) != plain) return std::nullopt;
    return id;
}

}  // namespace foliot

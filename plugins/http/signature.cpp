#include "signature.hpp"

#include <sodium.h>

#include <array>
#include <utility>

namespace http {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kShortestKey = 24;
constexpr std::size_t kLongestKey = 64;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string base64(std::string_view bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();  // the NUL
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t length = 0;
    const int result = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                         text.size(), nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL);
    if (result != 0) return std::nullopt;
    bytes.resize(length);
    return bytes;
}

std::optional<SigningKey> SigningKey::parse(std::string_view text) {
    if (!text.starts_with(kPrefix)) return std::nullopt;
    auto bytes = from_base64(text.substr(kPrefix.size()));
    if (!bytes || bytes->size() < kShortestKey || bytes->size() > kLongestKey) return std::nullopt;
    return SigningKey(std::move(*bytes));
}

std::string SigningKey::sign(std::string_view id, std::int64_t seconds, std::string_view body) const {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, raw(bytes_), bytes_.size());
    const std::string head = std::string(id) + '.' + std::to_string(seconds) + '.';
    for (const std::string_view part : {std::string_view(head), body})
        crypto_auth_hmacsha256_update(&state, raw(part), part.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{};
    crypto_auth_hmacsha256_final(&state, hash.data());
    return "v1," + base64({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

}  // namespace http

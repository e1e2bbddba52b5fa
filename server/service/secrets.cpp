#include "service/secrets.hpp"

#include "base/ids.hpp"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace foliot::service {
namespace {

void make_ready() {
    static const bool ready = sodium_init() >= 0;
    if (!ready) throw std::runtime_error("libsodium cannot be initialised: no source of random numbers");
}

template <std::size_t N>
std::string random_hex() {
    make_ready();
    std::array<char, N> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return to_hex({bytes.data(), bytes.size()});
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string blake2b(std::string_view text, std::string_view key) {
    make_ready();
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), bytes(text), text.size(),
                       key.empty() ? nullptr : bytes(key), key.size());
    return hash;
}

}  // namespace

std::string random_id() { return random_hex<16>(); }
std::string random_token() { return random_hex<32>(); }

std::string token_hash(std::string_view secret) { return blake2b(secret, {}); }

KeyedHash::KeyedHash() : key_(crypto_generichash_KEYBYTES, '\0') {
    make_ready();
    randombytes_buf(key_.data(), key_.size());
}

std::string KeyedHash::operator()(std::string_view text) const { return blake2b(text, key_); }

}  // namespace foliot::service

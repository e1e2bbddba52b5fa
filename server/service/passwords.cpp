#include "service/passwords.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "service/words.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <regex>

namespace foliot::service {
namespace {

// What OWASP's password storage cheat sheet asks for: m = 19 MiB, t = 2, p = 1.
constexpr std::size_t kMemory = 19U << 20U;
constexpr unsigned long long kPasses = 2;
constexpr std::uint64_t kMostWaiting = 16;  // each keeps a connection's thread
constexpr std::size_t kLeastCharacters = 8;

/// What crypto_pwhash_str() writes: $argon2id$v=19$m=KIB,t=PASSES,p=1$SALT$HASH.
struct Stored {
    std::size_t memory = 0;
    unsigned long long passes = 0;
    std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{};
    std::array<unsigned char, 32> hash{};
};

template <std::size_t N>
bool from_base64(const std::string& text, std::array<unsigned char, N>& bytes) {
    std::size_t size = 0;
    return sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                             sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 &&
           size == bytes.size();
}

std::optional<Stored> parse(const std::string& text) {
    static const std::regex form(
        R"(\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,7}),p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43}))");
    std::smatch parts;
    Stored stored;
    if (!std::regex_match(text, parts, form)) return std::nullopt;
    stored.memory = std::stoul(parts[1]) << 10U;
    stored.passes = std::stoul(parts[2]);
    if (!from_base64(parts[3], stored.salt) || !from_base64(parts[4], stored.hash)) return std::nullopt;
    return stored;
}

[[noreturn]] void fail_for_memory() {
    throw RequestError(Problem::unavailable, "there is not enough memory to check a password; try again later");
}

}  // namespace

void check_password(std::string_view field, std::string_view password) {
    if (!json::valid_text(password) || has_control_character(password)) {
        throw invalid_field(field, "must be UTF-8 text without control characters");
    }
    if (characters(password) < kLeastCharacters) throw invalid_field(field, "must have 8 characters at least");
    if (password.size() > kLongestPassword) throw invalid_field(field, "is longer than 1024 bytes");
}

Passwords::Turn Passwords::take_turn() {
    std::unique_lock lock(mutex_);
    if (last_ticket_ - served_ > kMostWaiting) {
        throw throttled("too many passwords are being checked; try again in a second", 1);
    }
    const std::uint64_t ticket = ++last_ticket_;
    changed_.wait(lock, [&] { return served_ + 1 == ticket; });
    return Turn(*this);
}

std::uint64_t Passwords::waiting() const {
    const std::lock_guard lock(mutex_);
    const std::uint64_t there = last_ticket_ - served_;
    return there == 0 ? 0 : there - 1;
}

Passwords::Turn::~Turn() {
    {
        const std::lock_guard lock(all_.mutex_);
        ++all_.served_;
    }
    all_.changed_.notify_all();
}

// NOLINTNEXTLINE(readability-make-member-function-const): only its holder may
std::string Passwords::Turn::hash(std::string_view password) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    ++all_.computed_;
    if (crypto_pwhash_str(text.data(), password.data(), password.size(), kPasses, kMemory) != 0) fail_for_memory();
    return text.data();
}

// NOLINTNEXTLINE(readability-make-member-function-const)
bool Passwords::Turn::matches(const std::string& stored, std::string_view password) {
    const auto known = parse(stored);
    if (!known) return false;  // nothing matches what is no hash
    ++all_.computed_;
    std::array<unsigned char, sizeof known->hash> hash{};
    // Not crypto_pwhash_str_verify(): in libsodium 1.0.18 it tells of a lack of memory as of a wrong password.
    if (crypto_pwhash(hash.data(), hash.size(), password.data(), password.size(), known->salt.data(), known->passes,
                      known->memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        fail_for_memory();
    }
    return sodium_memcmp(hash.data(), known->hash.data(), hash.size()) == 0;
}

bool Passwords::is_outdated(const std::string& stored) {
    return crypto_pwhash_str_needs_rehash(stored.c_str(), kPasses, kMemory) != 0;
}

const std::string& Passwords::nobodys() {
    static const std::string hash =
        "$argon2id$v=19$m=19456,t=2,p=1$DIAnDqTtcUly+zKMl51e2A$EAmNlTPk1tUFRmAol8BULVqHO/jo1D0YgJKwSlrIdUk";
    return hash;
}

}  // namespace foliot::service

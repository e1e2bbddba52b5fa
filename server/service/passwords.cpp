#include "service/passwords.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "service/words.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace foliot::service {
namespace {

// What OWASP's password storage cheat sheet asks for: m = 19 MiB, t = 2, p = 1.
constexpr std::size_t kMemory = 19U << 20U;
constexpr unsigned long long kPasses = 2;
constexpr std::uint64_t kMostWaiting = 16;  // each keeps a connection's thread
constexpr std::size_t kLeastCharacters = 8;

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
    if (crypto_pwhash_str(text.data(), password.data(), password.size(), kPasses, kMemory) != 0) {
        throw RequestError(Problem::unavailable, "there is not enough memory to hash a password");
    }
    return text.data();
}

// NOLINTNEXTLINE(readability-make-member-function-const)
bool Passwords::Turn::matches(const std::string& stored, std::string_view password) {
    ++all_.computed_;
    return crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) == 0;
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

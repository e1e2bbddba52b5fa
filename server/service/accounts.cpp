#include "service/accounts.hpp"

#include "base/fd.hpp"
#include "service/secrets.hpp"
#include "service/unit.hpp"

#include <cctype>

namespace foliot::service {
namespace {

constexpr std::string_view kAdmin = "admin";
constexpr Micros kBelieved = kSecond;
constexpr std::size_t kMostKnown = 1024;
constexpr std::size_t kLongestToken = 512;

bool same_word(std::string_view a, std::string_view lower) {
    if (a.size() != lower.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::tolower(static_cast<unsigned char>(a[i])) != lower[i]) return false;
    }
    return true;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlanks = " \t";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The secret in "Token T" or "Bearer T"; empty for anything else.
std::string_view secret_of(std::string_view authorization) {
    const std::string_view text = trim(authorization);
    const auto blank = text.find_first_of(" \t");
    if (blank == std::string_view::npos) return {};
    const std::string_view scheme = text.substr(0, blank);
    if (!same_word(scheme, "token") && !same_word(scheme, "bearer")) return {};
    return trim(text.substr(blank));
}

void add_admin(store::Tx& tx, const std::string& secret) {
    const std::int64_t account = tx.accounts().add({0, std::string(kAdmin), Role::admin});
    tx.accounts().add_token({account, token_hash(secret), "first start", Scope::admin, std::nullopt});
    store::AuditEntry entry;
    entry.actor = "system";
    entry.via = "system";
    entry.event = "added";
    entry.kind = "user";
    entry.ref = entry.name = kAdmin;
    tx.audit(entry);
}

}  // namespace

bool Accounts::ensure_admin(const std::filesystem::path& token_file) {
    bool exists = false;
    write(store_, [&](store::Tx& tx) { exists = tx.accounts().by_name(kAdmin).has_value(); });
    if (exists) return false;
    const std::string secret = random_token();
    write_file_atomically(token_file.string(), secret + "\n", 0600);
    write(store_, [&](store::Tx& tx) { add_admin(tx, secret); });
    return true;
}

std::optional<Principal> Accounts::authenticate(std::string_view authorization) {
    const std::string_view secret = secret_of(authorization);
    if (secret.empty() || secret.size() > kLongestToken) return std::nullopt;
    const std::string hash = token_hash(secret);
    const Micros now = clock_.monotonic();
    if (auto who = recall(hash, now)) return who;
    std::optional<Principal> who;
    read(store_, [&](store::Snapshot& snapshot) { who = snapshot.principal_of_token(hash); });
    if (who) remember(hash, *who, now);
    return who;
}

std::optional<Principal> Accounts::recall(const std::string& hash, Micros now) {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(hash);
    if (found == known_.end() || found->second.until <= now) return std::nullopt;
    return found->second.who;
}

void Accounts::remember(const std::string& hash, const Principal& who, Micros now) {
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kMostKnown) known_.clear();
    known_[hash] = {who, now + kBelieved};
}

}  // namespace foliot::service

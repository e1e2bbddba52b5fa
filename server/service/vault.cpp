#include "service/vault.hpp"

#include "base/base64.hpp"
#include "base/fd.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "domain/sealed.hpp"
#include "service/secrets.hpp"

#include <sodium.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

namespace foliot::service {
namespace {

constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

std::string from_hex(std::string_view hex) {
    std::string out(hex.size() / 2, '\0');
    std::size_t size = 0;
    const int failed = sodium_hex2bin(bytes(out), out.size(), hex.data(), hex.size(), nullptr, &size, nullptr);
    return failed == 0 && size == out.size() && hex.size() % 2 == 0 ? out : std::string();
}

/// What {"$secret": "KEY.OWNER.BOX"} says. KEY and OWNER are bound to the box, so neither can be exchanged.
struct Parts {
    std::int64_t key = 0, owner = 0;
    std::string head;  ///< "KEY.OWNER"
    std::string box;   ///< nonce and ciphertext
};

std::optional<Parts> parts_of(std::string_view sealed) {
    const json::Value value = json::parse(sealed);
    if (!is_sealed(value) || !value.members.front().value.is(json::Kind::string)) return std::nullopt;
    const std::string& text = value.members.front().value.string;
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string::npos ? first : text.find('.', first + 1);
    if (second == std::string::npos) return std::nullopt;
    const auto key = number_in(std::string_view(text).substr(0, first));
    const auto owner = number_in(std::string_view(text).substr(first + 1, second - first - 1));
    auto box = from_base64(std::string_view(text).substr(second + 1), Base64::url);
    if (!key || !owner || !box || box->size() < kNonceBytes + kTagBytes) return std::nullopt;
    return Parts{*key, *owner, text.substr(0, second), *std::move(box)};
}

std::map<std::int64_t, std::string> keys_in(const std::string& text, const std::string& path) {
    std::map<std::int64_t, std::string> keys;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#') continue;
        const std::size_t blank = line.find(' ');
        const auto number = number_in(std::string_view(line).substr(0, blank));
        std::string key = blank == std::string::npos ? "" : from_hex(std::string_view(line).substr(blank + 1));
        if (!number || key.size() != kKeyBytes || !keys.emplace(*number, std::move(key)).second) {
            throw std::runtime_error(path +
                                     " has a line that is no key (a number not used before, a blank, 64 hex digits): "
                                     "restore the file from a backup");
        }
    }
    if (keys.empty()) {
        throw std::runtime_error(path +
                                 " has no key: restore it from a backup; without one, remove it, and give the"
                                 " secrets of all jobs anew");
    }
    return keys;
}

}  // namespace

Vault::Vault(const std::filesystem::path& key_file, const Clock& clock) {
    const std::string path = key_file.string();
    if (!std::filesystem::exists(std::filesystem::symlink_status(key_file))) {  // a link may lead to what is away now
        write_file_atomically(path, std::to_string(clock.now() / kSecond) + " " + random_token() + "\n", 0600);
        made_key_ = true;
    }
    if (!std::filesystem::is_regular_file(key_file)) {
        throw std::runtime_error(path + " is to be the file with the key of all secrets, but there is no file now");
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || (status.st_mode & 077U) != 0) {
        throw std::runtime_error(path +
                                 " holds the key of all secrets, but others than its owner may use it: chmod 600");
    }
    keys_ = keys_in(read_file(path), path);
}

std::string Vault::seal(std::int64_t owner, std::string_view json) const {
    const auto& [number, key] = *keys_.rbegin();
    const std::string head = std::to_string(number) + "." + std::to_string(std::max<std::int64_t>(0, owner));
    std::string box(kNonceBytes + json.size() + kTagBytes, '\0');
    randombytes_buf(box.data(), kNonceBytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(box) + kNonceBytes, nullptr, bytes(json), json.size(), bytes(head),
                                               head.size(), nullptr, bytes(box), bytes(key));
    return json::Writer()
        .begin_object()
        .field(kSecretMember, head + "." + to_base64(box, Base64::url))
        .end_object()
        .take();
}

std::string Vault::open(std::string_view sealed) const {
    const auto parts = parts_of(sealed);
    if (!parts) throw std::runtime_error("a stored secret is damaged: give it anew");
    const auto key = keys_.find(parts->key);
    if (key == keys_.end()) {
        throw std::runtime_error("a secret was sealed with key " + std::to_string(parts->key) +
                                 ", which is not in the key file: restore the file, or give the secret anew");
    }
    std::string json(parts->box.size() - kNonceBytes - kTagBytes, '\0');
    const std::string_view box = parts->box;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(json), nullptr, nullptr, bytes(box) + kNonceBytes,
                                                   box.size() - kNonceBytes, bytes(parts->head), parts->head.size(),
                                                   bytes(box), bytes(key->second)) != 0) {
        throw std::runtime_error("a secret was sealed with another key " + std::to_string(parts->key) +
                                 " than the key file has: restore the file, or give the secret anew");
    }
    return json;
}

std::int64_t Vault::owner_of(std::string_view sealed) {
    const auto parts = parts_of(sealed);
    return parts ? parts->owner : 0;
}

bool Vault::may_read(const Principal& who, std::string_view sealed) {
    const std::int64_t owner = owner_of(sealed);
    return who.role == Role::admin || (owner != 0 && owner == who.account);
}

std::string Vault::digest(std::string_view text) const {
    std::string key(crypto_generichash_KEYBYTES, '\0');  // not the one that seals
    const std::string& first = keys_.begin()->second;
    crypto_generichash(bytes(key), key.size(), bytes("digest"), 6, bytes(first), first.size());
    std::string hash(crypto_generichash_BYTES, '\0');
    crypto_generichash(bytes(hash), hash.size(), bytes(text), text.size(), bytes(key), key.size());
    return hash;
}

}  // namespace foliot::service

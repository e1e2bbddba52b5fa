// Signing as "Standard Webhooks" has it (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http {

std::string base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);  ///< padded

/// A key of 24 to 64 bytes, written as "whsec_" and base64.
class SigningKey {
  public:
    static std::optional<SigningKey> parse(std::string_view text);
    /// The value of webhook-signature: "v1," and base64.
    std::string sign(std::string_view id, std::int64_t seconds, std::string_view body) const;

  private:
    explicit SigningKey(std::string bytes) : bytes_(std::move(bytes)) {}
    std::string bytes_;
};

}  // namespace http

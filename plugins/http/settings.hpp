// The module's configuration: module.http.config.* of the server.
#pragma once

#include "address_policy.hpp"
#include "transfer.hpp"

#include <foliot/args.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace http {

constexpr int kMostRedirects = 20;

/// As it is written.
struct Config {
    foliot::Value allow, deny;
    std::optional<std::string> server_address;
    bool allow_self = false;
    int follow_redirects = 0;
    std::int64_t max_body = std::int64_t{64} << 10U;
    std::int64_t max_download = std::int64_t{1} << 20U;
    std::optional<std::string> ca_file;
    bool allow_insecure_tls = false;

    static constexpr auto schema() {
        using foliot::field;
        return foliot::fields(
            field("allow", &Config::allow).optional().help("addresses, ranges and host names that are not denied"),
            field("deny", &Config::deny).optional().help("addresses, ranges and host names that are denied"),
            field("server_address", &Config::server_address).help("where the server listens: denied"),
            field("allow_self", &Config::allow_self).optional().help("the server may be called"),
            field("follow_redirects", &Config::follow_redirects)
                .range(0, kMostRedirects)
                .optional()
                .help("redirects that are followed where a job does not say"),
            // A result has 1 MiB, and six characters for a byte at worst.
            field("max_body", &Config::max_body).range(0, 131072).optional().help("bytes of an answer's body kept"),
            field("max_download", &Config::max_download)
                .range(0, 1U << 30U)
                .optional()
                .help("bytes of an answer's body after which the connection is closed"),
            field("ca_file", &Config::ca_file).help("certificates (PEM) to trust instead of the system's"),
            field("allow_insecure_tls", &Config::allow_insecure_tls)
                .optional()
                .help("jobs may turn the check of certificates off"));
    }
};

/// As it is used.
struct Settings {
    AddressPolicy policy;
    AnswerLimits limits;
    int follow_redirects = 0;
    std::string authorities;  ///< see Outgoing
    bool allow_insecure_tls = false;

    /// Throws std::runtime_error that names the key.
    static Settings read(const Config& config);
};

/// The certificates in a PEM file. Throws std::runtime_error that says what is wrong with it.
std::string read_authorities(const std::string& path);

}  // namespace http

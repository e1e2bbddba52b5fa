#include "settings.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

namespace http {
namespace {

constexpr std::size_t kMaxAuthorities = 4U << 20U;

[[noreturn]] void refuse(const std::string& key, const std::string& why) {
    throw std::runtime_error("module.http.config." + key + ": " + why);
}

/// A list, or a text with commas: the server's configuration has both.
std::vector<std::string> read_texts(const foliot::Value& value, const std::string& key) {
    using foliot::Kind;
    std::vector<std::string> out;
    if (value.kind() == Kind::list) {
        for (const foliot::Value& item : value.as_list()) {
            if (item.kind() != Kind::string) refuse(key, item.json() + " is no text");
            out.emplace_back(item.as_string());
        }
    } else if (value.kind() == Kind::string) {
        constexpr std::string_view separators = ", \t";
        const std::string_view text = value.as_string();
        for (std::size_t at = text.find_first_not_of(separators); at != std::string_view::npos;) {
            const std::size_t end = text.find_first_of(separators, at);
            out.emplace_back(text.substr(at, end - at));
            at = text.find_first_not_of(separators, end);
        }
    } else if (!value.is_null()) {
        refuse(key, value.json() + " is neither a text nor a list of texts");
    }
    return out;
}

Targets read_targets(const foliot::Value& value, const std::string& key) {
    Targets out;
    for (const std::string& text : read_texts(value, key)) {
        try {
            out.add(text);
        } catch (const std::invalid_argument& e) {
            refuse(key, e.what());
        }
    }
    return out;
}

class File {
  public:
    // O_NONBLOCK: a pipe would wait for who writes to it
    explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
        if (fd_ < 0) throw std::runtime_error("cannot be read: " + std::generic_category().message(errno));
    }
    ~File() { ::close(fd_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    bool is_regular() const {
        struct stat status {};
        return ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
    }
    /// At most `max` bytes.
    std::string read(std::size_t max) const {
        std::string out(max, '\0');
        std::size_t length = 0;
        while (length < max) {
            const ssize_t got = ::read(fd_, out.data() + length, max - length);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) throw std::runtime_error("cannot be read: " + std::generic_category().message(errno));
            if (got == 0) break;
            length += static_cast<std::size_t>(got);
        }
        out.resize(length);
        return out;
    }

  private:
    int fd_;
};

}  // namespace

std::string read_authorities(const std::string& path) {
    if (path.find('\0') != std::string::npos) throw std::runtime_error("holds a NUL character");
    const File file(path);
    if (!file.is_regular()) throw std::runtime_error("is no file");
    std::string text = file.read(kMaxAuthorities);
    if (text.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        throw std::runtime_error("holds no certificates (PEM)");
    return text;
}

Settings Settings::read(const Config& config) {
    Settings out;
    out.policy.allow = read_targets(config.allow, "allow");
    out.policy.deny = read_targets(config.deny, "deny");
    out.policy.allow_self = config.allow_self;
    if (config.server_address) {
        try {
            out.policy.server = Listener::parse(*config.server_address);
        } catch (const std::invalid_argument& e) {
            refuse("server_address", e.what());
        }
    }
    out.limits.kept = static_cast<std::size_t>(config.max_body);
    out.limits.received = static_cast<std::uint64_t>(std::max(config.max_download, config.max_body));
    out.follow_redirects = config.follow_redirects;
    out.allow_insecure_tls = config.allow_insecure_tls;
    if (config.ca_file) {
        try {
            out.authorities = read_authorities(*config.ca_file);
        } catch (const std::runtime_error& e) {
            refuse("ca_file", "'" + *config.ca_file + "' " + e.what());
        }
    }
    return out;
}

}  // namespace http

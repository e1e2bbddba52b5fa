// URLs that requests may be sent to. Parsed by libcurl, so that what is checked is what is called.
#pragma once

#include <string>

namespace http {

/// An http or https URL with a host of ASCII characters and no credentials.
class Url {
  public:
    /// Throws std::invalid_argument: why it is none. The text does not repeat the URL, which may hold a password.
    static Url parse(const std::string& text);
    /// Where `location` leads from here. Throws as parse().
    Url resolve(const std::string& location) const;

    const std::string& text() const { return text_; }
    const std::string& host() const { return host_; }      ///< IPv6 addresses in brackets
    const std::string& origin() const { return origin_; }  ///< scheme://host:port
    /// For people: no query, which may hold what only the receiver should see.
    const std::string& shown() const { return shown_; }

  private:
    Url() = default;
    static Url read(const char* base, const std::string& text);

    std::string text_, host_, origin_, shown_;
};

}  // namespace http

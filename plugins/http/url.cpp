#include "url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>

namespace http {
namespace {

constexpr std::size_t kLongestShown = 300;

using Handle = std::unique_ptr<CURLU, void (*)(CURLU*)>;

/// Empty when the URL has no such part.
std::string part_of(const Handle& url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (::curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
    const std::unique_ptr<char, void (*)(void*)> owner(text, &::curl_free);
    return text;
}

void set(const Handle& url, const std::string& text) {
    const CURLUcode error = ::curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_URLENCODE | CURLU_ALLOW_SPACE);
    if (error == CURLUE_OK) return;
    if (error == CURLUE_BAD_SCHEME || error == CURLUE_UNSUPPORTED_SCHEME)
        throw std::invalid_argument("it does not begin with http:// or https://");
    throw std::invalid_argument(std::string("it is no URL: ") + ::curl_url_strerror(error));
}

bool is_plain_host(const std::string& host) {
    if (host.starts_with('[')) return true;  // libcurl has checked it
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_';
    });
}

}  // namespace

Url Url::parse(const std::string& text) { return read(nullptr, text); }

Url Url::resolve(const std::string& location) const { return read(text_.c_str(), location); }

Url Url::read(const char* base, const std::string& text) {
    if (text.find('\0') != std::string::npos) throw std::invalid_argument("it holds a NUL character");
    const Handle url(::curl_url(), &::curl_url_cleanup);
    if (!url) throw std::bad_alloc();
    if (base != nullptr) set(url, base);
    set(url, text);
    const std::string scheme = part_of(url, CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https")
        throw std::invalid_argument("it does not begin with http:// or https://");
    if (!part_of(url, CURLUPART_USER).empty() || !part_of(url, CURLUPART_PASSWORD).empty())
        throw std::invalid_argument(
            "it holds a name or password, which all who see the job would see: use auth_token or secret_headers");
    Url out;
    out.host_ = part_of(url, CURLUPART_HOST);
    // Other writings of a name, full-width letters say, would pass by rules about names.
    if (!is_plain_host(out.host_))
        throw std::invalid_argument(
            "its host name has other than ASCII letters, digits, '-', '.' and '_' (write "
            "international names as xn--...)");
    ::curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
    out.text_ = part_of(url, CURLUPART_URL);
    out.origin_ = scheme + "://" + out.host_ + ":" + part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    ::curl_url_set(url.get(), CURLUPART_QUERY, nullptr, 0);
    out.shown_ = part_of(url, CURLUPART_URL);
    if (out.shown_.size() > kLongestShown) out.shown_.replace(kLongestShown, std::string::npos, "...");
    return out;
}

}  // namespace http

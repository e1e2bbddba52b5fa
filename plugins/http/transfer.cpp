#include "transfer.hpp"

#include "headers.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <string_view>

namespace http {
namespace {

constexpr std::size_t kMaxHeaders = 256U << 10U;  ///< bytes of header lines, interim answers included
constexpr int kLongestWait = 60'000;              ///< ms; libcurl's own timers cut it short

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void start_libcurl() {
    static const CURLcode result = ::curl_global_init(CURL_GLOBAL_DEFAULT);
    if (result != CURLE_OK)
        throw std::runtime_error("libcurl cannot be used: " + std::string(::curl_easy_strerror(result)));
}

class HeaderList {
  public:
    ~HeaderList() { ::curl_slist_free_all(list_); }
    HeaderList() = default;
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    void add(const std::string& line) {
        curl_slist* longer = ::curl_slist_append(list_, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        list_ = longer;
    }
    curl_slist* get() const { return list_; }

  private:
    curl_slist* list_ = nullptr;
};

const char* kind_of(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST: return "resolve";
        case CURLE_COULDNT_CONNECT: return "connect";
        case CURLE_OPERATION_TIMEDOUT: return "timeout";
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_ISSUER_ERROR: return "tls";
        default: return "protocol";
    }
}

const char* advice_for(CURLcode code) {
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION: return " (ca_file can name the authorities to trust)";
        case CURLE_SSL_CACERT_BADFILE: return " (is the package ca-certificates installed?)";
        default: return "";
    }
}

/// One easy handle in a multi handle of its own, and all that its callbacks see.
class Transfer {
  public:
    Transfer(const Outgoing& outgoing, const AnswerLimits& limits, const AddressPolicy& policy);
    ~Transfer() { ::curl_multi_remove_handle(multi_.get(), easy_.get()); }
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;
    Answer run(const foliot::Context& context);

  private:
    template <class T>
    void set(CURLoption option, T value) {
        const CURLcode code = ::curl_easy_setopt(easy_.get(), option, value);
        if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
        if (code != CURLE_OK)
            throw std::logic_error("libcurl refuses option " + std::to_string(option) + ": " +
                                   ::curl_easy_strerror(code));
    }
    void set_isolation();
    void set_request();
    void set_tls();
    void set_callbacks();
    CURLcode wait(const foliot::Context& context);
    [[noreturn]] void fail(CURLcode code) const;

    curl_socket_t open_socket(const curl_sockaddr& address) noexcept;
    bool take_header(std::string_view line) noexcept;
    bool take_body(std::string_view bytes) noexcept;

    const Outgoing& outgoing_;
    const AnswerLimits& limits_;
    const AddressPolicy& policy_;
    Answer answer_;
    std::size_t header_bytes_ = 0;
    std::optional<std::string> refusal_;  ///< of the first address that was refused
    bool tried_ = false;                  ///< there was an address that was not
    bool stopped_ = false;                ///< the body is longer than we receive
    std::array<char, CURL_ERROR_SIZE> error_{};
    HeaderList headers_;
    // The handles go first: they use what is above.
    std::unique_ptr<CURL, void (*)(CURL*)> easy_{::curl_easy_init(), &::curl_easy_cleanup};
    std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_{::curl_multi_init(), &::curl_multi_cleanup};
};

Transfer::Transfer(const Outgoing& outgoing, const AnswerLimits& limits, const AddressPolicy& policy)
    : outgoing_(outgoing), limits_(limits), policy_(policy) {
    if (!easy_ || !multi_) throw std::bad_alloc();
    set_isolation();
    set_request();
    set_tls();
    set_callbacks();
    if (::curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) throw std::bad_alloc();
}

/// Nothing from the environment, nothing kept, nothing but HTTP.
void Transfer::set_isolation() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);  // the caller asks the policy first
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
    set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    // A cancelled look-up of a name is left to its thread, which may be waiting for a server that does not answer.
    set(CURLOPT_QUICK_EXIT, 1L);
}

void Transfer::set_request() {
    set(CURLOPT_URL, outgoing_.url.text().c_str());
    set(CURLOPT_USERAGENT, outgoing_.user_agent.c_str());
    const auto ms = [](std::chrono::milliseconds time) { return std::max(1L, static_cast<long>(time.count())); };
    set(CURLOPT_TIMEOUT_MS, ms(outgoing_.timeout));
    set(CURLOPT_CONNECTTIMEOUT_MS, ms(std::min(outgoing_.timeout, outgoing_.connect_timeout)));

    const std::string& method = outgoing_.method;
    const bool wants_body = method == "POST" || method == "PUT" || method == "PATCH";
    if (outgoing_.body || wants_body) {
        const std::string_view body = outgoing_.body ? std::string_view(*outgoing_.body) : std::string_view("");
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
        set(CURLOPT_POSTFIELDS, body.data());
    } else if (method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
    } else {
        set(CURLOPT_HTTPGET, 1L);
    }
    if (method != "HEAD") set(CURLOPT_CUSTOMREQUEST, method.c_str());

    bool has_type = false;
    for (const Header& header : outgoing_.headers) {
        std::string name = header.name;
        std::transform(name.begin(), name.end(), name.begin(), lower);
        has_type = has_type || name == "content-type";
        // "Name:" would mean to leave it out, whatever blanks follow.
        headers_.add(trimmed(header.value).empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    if (!has_type) headers_.add("Content-Type:");  // not the one of forms
    headers_.add("Expect:");                       // no waiting for "100 Continue"
    set(CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::set_tls() {
    set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    set(CURLOPT_SSL_VERIFYPEER, outgoing_.verify_tls ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, outgoing_.verify_tls ? 2L : 0L);
    if (outgoing_.authorities.empty()) return;
    std::string pem = outgoing_.authorities;
    curl_blob blob{pem.data(), pem.size(), CURL_BLOB_COPY};
    set(CURLOPT_CAINFO_BLOB, &blob);
    set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
}

void Transfer::set_callbacks() {
    set(CURLOPT_ERRORBUFFER, error_.data());
    set(CURLOPT_OPENSOCKETDATA, this);
    set(
        CURLOPT_OPENSOCKETFUNCTION, +[](void* self, curlsocktype, curl_sockaddr* address) -> curl_socket_t {
            return static_cast<Transfer*>(self)->open_socket(*address);
        });
    set(CURLOPT_HEADERDATA, this);
    set(
        CURLOPT_HEADERFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* self) -> std::size_t {
            return static_cast<Transfer*>(self)->take_header({data, size * count}) ? size * count : 0;
        });
    set(CURLOPT_WRITEDATA, this);
    set(
        CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* self) -> std::size_t {
            return static_cast<Transfer*>(self)->take_body({data, size * count}) ? size * count : 0;
        });
}

curl_socket_t Transfer::open_socket(const curl_sockaddr& target) noexcept {
    const auto address = Address::of(target.addr);
    if (!address) return CURL_SOCKET_BAD;
    if (auto why = policy_.refusal(outgoing_.url.host(), *address, Address::port_of(target.addr))) {
        if (!refusal_) refusal_ = std::move(why);
        return CURL_SOCKET_BAD;
    }
    tried_ = true;
    return ::socket(target.family, target.socktype | SOCK_CLOEXEC, target.protocol);
}

bool Transfer::take_header(std::string_view line) noexcept {
    header_bytes_ += line.size();
    if (header_bytes_ > kMaxHeaders) return false;
    if (answer_.bytes > 0) return true;                      // a trailer
    if (line.starts_with("HTTP/")) answer_.headers.clear();  // of an interim answer
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return true;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), lower);
    answer_.headers.insert_or_assign(std::move(name), trimmed(line.substr(colon + 1)));
    return true;
}

bool Transfer::take_body(std::string_view bytes) noexcept {
    answer_.bytes += bytes.size();
    const std::string_view kept = bytes.substr(0, limits_.kept - answer_.body.size());
    answer_.body += kept;
    answer_.truncated = answer_.truncated || kept.size() < bytes.size();
    stopped_ = answer_.bytes > limits_.received;
    return !stopped_;
}

CURLcode Transfer::wait(const foliot::Context& context) {
    for (;;) {
        context.checkpoint();
        int running = 0;
        if (::curl_multi_perform(multi_.get(), &running) != CURLM_OK) throw std::bad_alloc();
        int left = 0;
        if (const CURLMsg* message = ::curl_multi_info_read(multi_.get(), &left)) return message->data.result;
        curl_waitfd cancel{context.cancel_fd(), CURL_WAIT_POLLIN, 0};
        if (::curl_multi_poll(multi_.get(), &cancel, 1, kLongestWait, nullptr) != CURLM_OK) throw std::bad_alloc();
    }
}

Answer Transfer::run(const foliot::Context& context) {
    const CURLcode code = wait(context);
    if (code != CURLE_OK && !stopped_) fail(code);
    answer_.truncated = answer_.truncated || stopped_;
    long status = 0;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
}

void Transfer::fail(CURLcode code) const {
    if (refusal_ && !tried_) throw Refused(*refusal_);
    if (header_bytes_ > kMaxHeaders)
        throw TransferError("protocol",
                            "the answer has more than " + std::to_string(kMaxHeaders) + " bytes of headers");
    const std::string said = error_[0] != '\0' ? error_.data() : ::curl_easy_strerror(code);
    throw TransferError(kind_of(code), said + advice_for(code) + (refusal_ ? "; " + *refusal_ : ""));
}

}  // namespace

Answer transfer(const Outgoing& outgoing, const AnswerLimits& limits, const AddressPolicy& policy,
                const foliot::Context& context) {
    start_libcurl();
    return Transfer(outgoing, limits, policy).run(context);
}

}  // namespace http

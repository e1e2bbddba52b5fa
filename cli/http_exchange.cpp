#include "cli/http_exchange.hpp"

#include "base/ascii.hpp"
#include "cli/command.hpp"
#include "cli/interrupt.hpp"

#include <curl/curl.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>

namespace foliot::cli {
namespace {

constexpr std::size_t kMostBody = 512U << 20U;
constexpr int kLongestWait = 60'000;  // ms; libcurl's own timers cut it short

void start_libcurl() {
    static const CURLcode result = ::curl_global_init(CURL_GLOBAL_DEFAULT);
    if (result != CURLE_OK)
        throw std::runtime_error("libcurl cannot be used: " + std::string(::curl_easy_strerror(result)));
}

/// One easy handle in a multi handle of its own, and all that its callbacks see.
class Exchange {
  public:
    explicit Exchange(const Ask& ask) : ask_(ask) {
        if (!easy_ || !multi_) throw std::bad_alloc();
        set_request();
        set_limits();
        set_callbacks();
        if (::curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) throw std::bad_alloc();
    }
    ~Exchange() { ::curl_multi_remove_handle(multi_.get(), easy_.get()); }
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    Answer run() {
        const CURLcode code = wait();
        if (thrown_) std::rethrow_exception(thrown_);
        if (code != CURLE_OK && !(ask_.take && answer_.status != 0)) fail(code);
        answer_.whole = code == CURLE_OK;
        return std::move(answer_);
    }

  private:
    template <class T>
    void set(CURLoption option, T value) {
        const CURLcode code = ::curl_easy_setopt(easy_.get(), option, value);
        if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
        if (code != CURLE_OK) throw std::logic_error("libcurl refuses option " + std::to_string(option));
    }

    void add_header(const std::string& line) {
        curl_slist* longer = ::curl_slist_append(headers_.get(), line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        (void)headers_.release();
        headers_.reset(longer);
    }

    void set_request() {
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_URL, ask_.url.c_str());
        set(CURLOPT_PATH_AS_IS, 1L);  // ids may be "." and ".."
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
        set(CURLOPT_USERAGENT, "foliot/" FOLIOT_VERSION);
        set(CURLOPT_ACCEPT_ENCODING, ask_.take ? nullptr : "");
        if (is_loopback(ask_.url)) set(CURLOPT_PROXY, "");
        if (!ask_.body.empty() || ask_.method == "POST" || ask_.method == "PUT") {
            set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(ask_.body.size()));
            set(CURLOPT_POSTFIELDS, ask_.body.data());
        }
        set(CURLOPT_CUSTOMREQUEST, ask_.method.c_str());
        add_header("Content-Type: application/json");
        add_header("Expect:");
        if (!ask_.token.empty()) add_header("Authorization: Bearer " + ask_.token);
        set(CURLOPT_HTTPHEADER, headers_.get());
    }

    void set_limits() {
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);
        set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
        // OpenSSL's own name for it; Debian's libcurl heeds the system's file alone.
        const char* authorities = std::getenv("SSL_CERT_FILE");
        if (authorities != nullptr && *authorities != 0) {
            set(CURLOPT_CAINFO, authorities);
            set(CURLOPT_CAPATH, nullptr);
        }
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectLimit / kMillisecond));
        if (!ask_.take) set(CURLOPT_TIMEOUT_MS, static_cast<long>(kAnswerLimit / kMillisecond));
        set(CURLOPT_TCP_KEEPALIVE, 1L);
    }

    void set_callbacks() {
        set(CURLOPT_ERRORBUFFER, error_.data());
        set(CURLOPT_HEADERDATA, this);
        set(
            CURLOPT_HEADERFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* self) -> std::size_t {
                return static_cast<Exchange*>(self)->take_header({data, size * count}) ? size * count : 0;
            });
        set(CURLOPT_WRITEDATA, this);
        set(
            CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t size, std::size_t count, void* self) -> std::size_t {
                return static_cast<Exchange*>(self)->take_body({data, size * count}) ? size * count : 0;
            });
    }

    bool take_header(std::string_view line) noexcept {
        constexpr std::string_view name = "retry-after:";
        long status = 0;
        ::curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
        answer_.status = static_cast<int>(status);
        if (line.size() < name.size() || ::curl_strnequal(line.data(), name.data(), name.size()) == 0) return true;
        return guarded([&] {
            std::string_view value = line.substr(name.size());
            value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
            answer_.retry_after = value.substr(0, value.find_first_of("\r\n"));
        });
    }

    bool take_body(std::string_view bytes) noexcept {
        return guarded([&] {
            if (ask_.take && answer_.status / 100 == 2) return ask_.take(bytes);
            if (answer_.body.size() + bytes.size() > kMostBody) throw NoAnswer("the answer is larger than 512 MiB");
            answer_.body += bytes;
        });
    }

    /// libcurl is C: nothing is thrown through it.
    template <class Work>
    bool guarded(const Work& work) noexcept {
        try {
            work();
            return true;
        } catch (...) {
            thrown_ = std::current_exception();
            return false;
        }
    }

    CURLcode wait() {
        for (int running = 1; running > 0;) {
            if (::curl_multi_perform(multi_.get(), &running) != CURLM_OK)
                throw std::runtime_error("libcurl cannot go on");
            if (running == 0) break;
            curl_waitfd interrupted{interrupts(), CURL_WAIT_POLLIN, 0};
            ::curl_multi_poll(multi_.get(), &interrupted, 1, kLongestWait, nullptr);
            throw_if_interrupted();
        }
        int left = 0;
        const CURLMsg* message = ::curl_multi_info_read(multi_.get(), &left);
        return message == nullptr ? CURLE_RECV_ERROR : message->data.result;
    }

    [[noreturn]] void fail(CURLcode code) const {
        std::string text = error_.front() != 0 ? error_.data() : ::curl_easy_strerror(code);
        if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
            text += " (the certificate must be one that this system trusts, or the file SSL_CERT_FILE)";
        throw NoAnswer(text);
    }

    const Ask& ask_;
    Answer answer_;
    std::exception_ptr thrown_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_{nullptr, &::curl_slist_free_all};
    // The handles go first: they use what is above.
    std::unique_ptr<CURL, void (*)(CURL*)> easy_{::curl_easy_init(), &::curl_easy_cleanup};
    std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_{::curl_multi_init(), &::curl_multi_cleanup};
};

}  // namespace

Answer exchange(const Ask& ask) {
    start_libcurl();
    throw_if_interrupted();
    return Exchange(ask).run();
}

std::string wrong_with_url(const std::string& url) {
    const std::unique_ptr<CURLU, void (*)(CURLU*)> parts(::curl_url(), &::curl_url_cleanup);
    if (!parts) throw std::bad_alloc();
    const auto part = [&](CURLUPart which) -> std::string {
        char* text = nullptr;
        if (::curl_url_get(parts.get(), which, &text, 0) != CURLUE_OK) return {};
        const std::unique_ptr<char, void (*)(void*)> owned(text, &::curl_free);
        return text;
    };
    const CURLUcode code = ::curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
    if (code != CURLUE_OK) return "is no URL: " + std::string(::curl_url_strerror(code));
    const std::string scheme = part(CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https") return "has the scheme '" + scheme + "'";
    if (part(CURLUPART_HOST).empty()) return "has no host";
    if (!part(CURLUPART_USER).empty() || !part(CURLUPART_PASSWORD).empty())
        return "names a user: tokens are given by --token-file or FOLIOT_TOKEN";
    if (!part(CURLUPART_QUERY).empty() || !part(CURLUPART_FRAGMENT).empty()) return "has a query or a fragment";
    return {};
}

bool is_loopback(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('/'));
    const std::string host =
        lower(url.starts_with('[') ? url.substr(0, url.find(']') + 1) : url.substr(0, url.find(':')));
    const bool four = host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
    return host == "localhost" || host == "[::1]" || four;
}

}  // namespace foliot::cli

#include "exchange.hpp"

#include "headers.hpp"
#include "retry_after.hpp"
#include "signature.hpp"
#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>

namespace http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::array kShownHeaders{"content-type", "content-length", "location",      "retry-after",
                                   "date",         "etag",           "last-modified", "x-request-id"};
constexpr std::size_t kLongestHeader = 1024;
constexpr std::size_t kShortestSecret = 4;  ///< shorter ones would take pieces out of everything

std::string masked(std::string text, const std::vector<std::string>& secrets) {
    constexpr std::string_view mask = "[secret]";
    for (const std::string& secret : secrets) {
        if (secret.size() < kShortestSecret) continue;
        for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mask.size()))
            text.replace(at, secret.size(), mask);
    }
    return text;
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

class Exchange {
  public:
    Exchange(foliot::Context& context, Request request, const Settings& settings)
        : context_(context),
          request_(std::move(request)),
          settings_(settings),
          end_(start_ + request_.outgoing.timeout) {}

    foliot::Object run() {
        for (;;) {
            answer_ = send();
            report();
            const auto location = answer_.headers.find("location");
            if (!is_redirect(answer_.status) || location == answer_.headers.end() ||
                redirects_ == request_.follow_redirects)
                break;
            follow(location->second);
        }
        foliot::Object result = describe_answer();
        if (!request_.accept.contains(answer_.status)) fail(result);
        return result;
    }

  private:
    std::string name() const { return request_.outgoing.method + " " + request_.outgoing.url.shown(); }
    double seconds_since(steady_clock::time_point then) const {
        const auto ms = std::chrono::round<milliseconds>(steady_clock::now() - then);
        return static_cast<double>(ms.count()) / 1000;
    }
    std::string mask(const std::string& text) const { return masked(text, request_.secrets); }

    Answer send() {
        Outgoing& outgoing = request_.outgoing;
        if (const auto why = settings_.policy.refusal(outgoing.url.host())) refuse(*why);
        outgoing.timeout = std::max(milliseconds(1), std::chrono::ceil<milliseconds>(end_ - steady_clock::now()));
        sent_ = steady_clock::now();
        try {
            return transfer(outgoing, settings_.limits, settings_.policy, context_);
        } catch (const Refused& e) {
            refuse(e.what());
        } catch (const TransferError& e) {
            throw foliot::Failure(
                mask(name() + " failed: " + e.what()),
                foliot::Object{}.set("status", nullptr).set("error", e.kind()).set("seconds", seconds_since(start_)));
        }
    }

    [[noreturn]] void refuse(const std::string& why) const {
        throw foliot::PermanentFailure(mask(name() + " is refused: " + why));
    }

    void report() const {
        context_.info(mask(name() + " answered " + std::to_string(answer_.status)),
                      foliot::Object{}
                          .set("method", request_.outgoing.method)
                          .set("url", mask(request_.outgoing.url.shown()))
                          .set("status", answer_.status)
                          .set("seconds", seconds_since(sent_)));
    }

    /// As browsers do (Fetch standard): 303 becomes a GET, and so does a POST's 301 and 302. 307 and 308 repeat the
    /// request.
    void follow(const std::string& location) {
        Outgoing& outgoing = request_.outgoing;
        const std::string origin = outgoing.url.origin();
        try {
            outgoing.url = outgoing.url.resolve(location);
        } catch (const std::invalid_argument& e) {
            refuse(std::string("its answer leads to where no request can go: ") + e.what());
        }
        ++redirects_;
        if (outgoing.url.origin() != origin)
            std::erase_if(outgoing.headers, [](const Header& header) { return header.credential; });
        const bool moved_post = (answer_.status == 301 || answer_.status == 302) && outgoing.method == "POST";
        if (!moved_post && (answer_.status != 303 || outgoing.method == "HEAD")) return;
        outgoing.method = "GET";
        outgoing.body.reset();
        std::erase_if(outgoing.headers, [](const Header& header) { return header.describes_body; });
    }

    foliot::Object describe_answer() const {
        foliot::Object headers;
        for (const char* shown : kShownHeaders) {
            const auto found = answer_.headers.find(shown);
            if (found != answer_.headers.end()) headers.set(shown, mask(found->second).substr(0, kLongestHeader));
        }
        foliot::Object out;
        out.set("status", answer_.status).set("headers", headers);
        const std::string_view whole = answer_.body;
        const std::string_view text = answer_.truncated ? without_half_character(whole) : whole;
        if (is_utf8(text) && text.find('\0') == std::string_view::npos) {
            out.set("body", mask(std::string(text)));
        } else {
            out.set("body_base64", base64(mask(answer_.body)));
        }
        out.set("truncated", answer_.truncated).set("bytes", answer_.bytes).set("seconds", seconds_since(start_));
        if (redirects_ > 0) out.set("redirects", redirects_).set("url", mask(request_.outgoing.url.shown()));
        return out;
    }

    [[noreturn]] void fail(const foliot::Object& result) const {
        std::string why = mask(name() + " answered " + std::to_string(answer_.status));
        if (is_redirect(answer_.status))
            why += redirects_ == 0
                       ? ", and redirects are not followed unless follow_redirects says so"
                       : " after " + std::to_string(redirects_) + " redirects, all that follow_redirects allows";
        const auto header = answer_.headers.find("retry-after");
        const bool asks_to_wait = answer_.status == 429 || answer_.status == 503;
        // The last attempt is a plain failure: there is nothing to wait for.
        if (asks_to_wait && header != answer_.headers.end() && context_.attempt() < context_.max_attempts()) {
            const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
            if (const auto wait = retry_after(header->second, now))
                throw foliot::RetryAfter(*wait, why + ": again in " + std::to_string(wait->count()) + " s, as it asks",
                                         result);
        }
        throw foliot::Failure(why, result);
    }

    foliot::Context& context_;
    Request request_;
    const Settings& settings_;
    Answer answer_;
    int redirects_ = 0;
    const steady_clock::time_point start_ = steady_clock::now();
    const steady_clock::time_point end_;
    steady_clock::time_point sent_;
};

}  // namespace

foliot::Object perform(foliot::Context& context, Request request, const Settings& settings) {
    std::vector<std::string> hidden;
    for (const std::string& secret : request.secrets) {
        for (std::string& text : secrets_in(secret)) hidden.push_back(std::move(text));
    }
    // A secret that holds another one is to go as a whole.
    std::sort(hidden.begin(), hidden.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
    request.secrets = std::move(hidden);
    return Exchange(context, std::move(request), settings).run();
}

}  // namespace http

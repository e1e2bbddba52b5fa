// http:post sends what the Seed Scheduler sends, http:request any request, http:deliver a signed webhook.
#include "exchange.hpp"
#include "headers.hpp"
#include "python_json.hpp"
#include "settings.hpp"
#include "signature.hpp"

#include <foliot/job.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using foliot::BadArguments;
using foliot::field;
using foliot::Value;
using http::Request;
using Texts = std::map<std::string, std::string>;
using namespace std::chrono_literals;

constexpr double kLeastTimeout = 0.001;
constexpr double kMostTimeout = 86400;
constexpr const char* kUserAgent = "foliot/" FOLIOT_MODULE_VERSION;

/// Configured once, before the first run; a worker has one thread that runs jobs.
http::Settings& settings() {
    static http::Settings the_settings;
    return the_settings;
}

std::chrono::milliseconds milliseconds(double seconds) {
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

http::Url read_url(const std::string& text, const char* argument) {
    try {
        return http::Url::parse(text);
    } catch (const std::invalid_argument& e) {
        throw BadArguments(std::string("argument '") + argument + "': " + e.what());
    }
}

Request make_request(const std::string& method, http::Url url, double timeout, std::optional<int> follow_redirects) {
    return {.outgoing = {.method = method,
                         .url = std::move(url),
                         .headers = {},
                         .body = {},
                         .user_agent = kUserAgent,
                         .timeout = milliseconds(timeout),
                         .connect_timeout = milliseconds(timeout),
                         .verify_tls = true,
                         .authorities = settings().authorities},
            .follow_redirects = follow_redirects.value_or(settings().follow_redirects),
            .accept = {},
            .secrets = {}};
}

/// A POST of JSON with the token, if there is one: also an empty one is sent.
Request make_post(http::Url url, const Value& body, const std::optional<std::string>& token, double timeout,
                  std::optional<int> follow_redirects) {
    Request request = make_request("POST", std::move(url), timeout, follow_redirects);
    request.outgoing.body = http::python_json(body);
    request.outgoing.headers.push_back({"Content-Type", "application/json", false, true});
    if (!token) return request;
    http::check_value(*token, "auth_token");
    request.outgoing.headers.push_back({"Authorization", "Token " + *token, true});
    request.secrets.push_back(*token);
    return request;
}

struct PostArgs {
    std::string endpoint;
    Value payload;
    std::optional<std::string> auth_token;
    double timeout = 30;
    std::optional<int> follow_redirects;

    static constexpr auto schema() {
        return foliot::fields(
            field("endpoint", &PostArgs::endpoint).help("http or https URL"),
            field("payload", &PostArgs::payload).optional().help("sent as JSON"),
            field("auth_token", &PostArgs::auth_token).secret().help("sent as \"Authorization: Token ...\""),
            field("timeout", &PostArgs::timeout).range(kLeastTimeout, kMostTimeout).optional().help("seconds, in all"),
            field("follow_redirects", &PostArgs::follow_redirects)
                .range(0, http::kMostRedirects)
                .help("at most so many; the module's configuration says how many otherwise: none by default"));
    }
};

foliot::Object post(foliot::Context& context, const PostArgs& args) {
    return http::perform(context,
                         make_post(read_url(args.endpoint, "endpoint"), args.payload, args.auth_token, args.timeout,
                                   args.follow_redirects),
                         settings());
}

struct DeliverArgs {
    std::string url;
    Value body;
    std::string event;
    std::string id;
    std::optional<std::string> secret, auth_token;
    double timeout = 30;
    std::optional<int> follow_redirects;

    static constexpr auto schema() {
        return foliot::fields(
            field("url", &DeliverArgs::url).help("http or https URL"),
            field("body", &DeliverArgs::body).optional().help("sent as JSON"),
            field("event", &DeliverArgs::event).optional().help("what happened; sent as webhook-event"),
            field("id", &DeliverArgs::id)
                .optional()
                .help("of the message, the same however often it is sent; by default the job's and its time"),
            field("secret", &DeliverArgs::secret).secret().help("key to sign with: whsec_ and base64"),
            field("auth_token", &DeliverArgs::auth_token).secret().help("sent as \"Authorization: Token ...\""),
            field("timeout", &DeliverArgs::timeout)
                .range(kLeastTimeout, kMostTimeout)
                .optional()
                .help("seconds, in all"),
            field("follow_redirects", &DeliverArgs::follow_redirects)
                .range(0, http::kMostRedirects)
                .help("at most so many; the module's configuration says how many otherwise: none by default"));
    }
};

/// The same in each attempt.
std::string message_id(const foliot::Context& context) {
    const auto time = context.scheduled_time();
    if (!time) return std::string(context.execution_id());
    return std::string(context.job_id()) + "-" + std::to_string(time->time_since_epoch().count());
}

void sign(Request& request, const std::string& secret, const std::string& id) {
    const auto key = http::SigningKey::parse(secret);
    if (!key) throw BadArguments("argument 'secret' is no \"whsec_\" with the base64 of 24 to 64 bytes");
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const std::int64_t seconds = now.time_since_epoch().count();
    request.secrets.push_back(secret);
    request.outgoing.headers.push_back({"webhook-timestamp", std::to_string(seconds)});
    request.outgoing.headers.push_back({"webhook-signature", key->sign(id, seconds, *request.outgoing.body), true});
}

/// What is signed must arrive as it is: blanks around it would be lost on the way.
void check_id(const std::string& id) {
    http::check_value(id, "id");
    if (http::trimmed(id) != id) throw BadArguments("argument 'id' begins or ends with a blank");
}

foliot::Object deliver(foliot::Context& context, const DeliverArgs& args) {
    Request request =
        make_post(read_url(args.url, "url"), args.body, args.auth_token, args.timeout, args.follow_redirects);
    const std::string id = args.id.empty() ? message_id(context) : args.id;
    check_id(id);
    http::check_value(args.event, "event");
    request.outgoing.headers.push_back({"webhook-id", id});
    if (!args.event.empty()) request.outgoing.headers.push_back({"webhook-event", args.event});
    if (args.secret) sign(request, *args.secret, id);
    return http::perform(context, std::move(request), settings());
}

struct RequestArgs {
    std::string url;
    std::string method = "GET";
    Texts headers, secret_headers;
    Value body;
    double timeout = 30;
    std::optional<double> connect_timeout;
    std::optional<int> follow_redirects;
    std::optional<std::vector<Value>> accept;
    bool verify_tls = true;
    std::optional<std::string> ca_file;

    static constexpr auto schema() {
        return foliot::fields(
            field("url", &RequestArgs::url).help("http or https URL"),
            field("method", &RequestArgs::method).optional().help("GET, POST and so on"),
            field("headers", &RequestArgs::headers).optional().help("an object of texts"),
            field("secret_headers", &RequestArgs::secret_headers).optional().secret().help("an object of texts"),
            field("body", &RequestArgs::body).optional().help("a text is sent as it is, anything else as JSON"),
            field("timeout", &RequestArgs::timeout)
                .range(kLeastTimeout, kMostTimeout)
                .optional()
                .help("seconds, in all"),
            field("connect_timeout", &RequestArgs::connect_timeout)
                .range(kLeastTimeout, kMostTimeout)
                .help("seconds until there is a connection, TLS included"),
            field("follow_redirects", &RequestArgs::follow_redirects)
                .range(0, http::kMostRedirects)
                .help("at most so many; the module's configuration says how many otherwise: none by default"),
            field("accept", &RequestArgs::accept)
                .help("statuses that are a success, such as [200, \"300-399\"]; by default 200 to 299"),
            field("verify_tls", &RequestArgs::verify_tls).optional().help("check the server's certificate"),
            field("ca_file", &RequestArgs::ca_file).help("certificates (PEM) to trust instead of the system's"));
    }
};

std::string read_method(std::string method) {
    if (!http::is_token(method)) throw BadArguments("argument 'method' has other characters than methods have");
    for (char& c : method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (method == "CONNECT") throw BadArguments("argument 'method': CONNECT is for proxies");
    return method;
}

void set_tls(Request& request, const RequestArgs& args) {
    if (!args.verify_tls && !settings().allow_insecure_tls)
        throw BadArguments(
            "argument 'verify_tls': certificates are checked unless module.http.config.allow_insecure_tls is true");
    request.outgoing.verify_tls = args.verify_tls;
    if (!args.ca_file) return;
    try {
        request.outgoing.authorities = http::read_authorities(*args.ca_file);
    } catch (const std::runtime_error&) {
        // Why would tell which files this machine has.
        throw BadArguments("argument 'ca_file': '" + *args.ca_file +
                           "' is no file of certificates (PEM) that the server's user can read");
    }
}

void set_body(Request& request, const Value& body) {
    if (body.is_null()) return;
    if (request.outgoing.method == "HEAD" || request.outgoing.method == "TRACE")
        throw BadArguments("argument 'body': a " + request.outgoing.method + " has none");
    const bool is_text = body.kind() == foliot::Kind::string;
    request.outgoing.body = is_text ? std::string(body.as_string()) : http::python_json(body);
    const char* type = is_text ? "text/plain; charset=utf-8" : "application/json";
    if (!http::has_header(request.outgoing.headers, "Content-Type"))
        request.outgoing.headers.push_back({"Content-Type", type, false, true});
}

foliot::Object send_request(foliot::Context& context, const RequestArgs& args) {
    Request request =
        make_request(read_method(args.method), read_url(args.url, "url"), args.timeout, args.follow_redirects);
    if (args.connect_timeout) request.outgoing.connect_timeout = milliseconds(*args.connect_timeout);
    if (args.accept) request.accept = http::StatusSet::read(*args.accept, "accept");
    http::add_headers(request.outgoing.headers, args.headers, "headers", false);
    http::add_headers(request.outgoing.headers, args.secret_headers, "secret_headers", true);
    for (const auto& [name, value] : args.secret_headers) request.secrets.push_back(value);
    set_tls(request, args);
    set_body(request, args.body);
    return http::perform(context, std::move(request), settings());
}

/// Five more attempts, after about 5, 10, 20, 40 and 80 seconds: as long, in all, as the Seed Scheduler goes on.
foliot::Options options(const char* title, const char* help, const char* example) {
    return {.title = title,
            .help = help,
            .example = example,
            .max_retries = 5,
            .first_delay = 5s,
            .backoff = 2.0,
            .max_delay = 300s};
}

}  // namespace

FOLIOT_MODULE("http", FOLIOT_MODULE_VERSION, module) {
    module.config<http::Config>([](const http::Config& config) { settings() = http::Settings::read(config); });
    module.job<post>("post",
                     options("Post JSON", "Sends the payload to an endpoint. A success is a status of 200 to 299.",
                             R"(["http://127.0.0.1:8080/hook", {"a": 1}])"));
    module.job<send_request>("request",
                             options("Send a request", "Any HTTP request. The result has status, headers and body.",
                                     R"(["http://127.0.0.1:8080/status"])"));
    module.job<deliver>("deliver", options("Deliver a webhook", "A POST of JSON, signed as Standard Webhooks has it.",
                                           R"(["http://127.0.0.1:8080/hook", {"type": "job.done"}, "job.done"])"));
}

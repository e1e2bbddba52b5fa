#include "cli/server.hpp"

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/percent.hpp"
#include "cli/standard_input.hpp"

#include <algorithm>
#include <cstdlib>

namespace foliot::cli {
namespace {

constexpr std::size_t kPage = 1'000;
constexpr const char* kUsualUrl = "http://127.0.0.1:8888";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string checked_url(std::string url, const std::string& source) {
    if (const std::string wrong = wrong_with_url(url); !wrong.empty())
        throw UsageError(source + " " + wrong + "; wanted an address as in http://127.0.0.1:8888 or https://HOST");
    while (url.ends_with('/')) url.pop_back();
    return url;
}

std::string token_in(const std::string& file) {
    if (file == "-") return standard_input("--token-file");
    try {
        return read_file(file);
    } catch (const std::system_error& error) {
        throw CommandError("no token in " + file + ": " + error.code().message());
    }
}

/// What would become another header is no token.
std::string checked_token(std::string token, const std::string& source) {
    while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' ')) token.pop_back();
    const bool plain = std::ranges::all_of(token, [](char c) { return c > ' ' && c < 0x7f; });
    if (token.empty() || !plain)
        throw CommandError(source + " holds no token: wanted one word of printable characters");
    return token;
}

/// The dialects say it each in their own member.
std::string words_in(const std::string& body) {
    try {
        const Document document(body);
        for (const char* member : {"error", "error_message", "detail", "msg"}) {
            if (std::string text = text_at(document.value(), member); !text.empty()) return text;
        }
    } catch (const json::SyntaxError&) {
        return {};
    }
    return {};
}

}  // namespace

std::vector<OptionSpec> with_server_options(std::vector<OptionSpec> own) {
    own.insert(own.end(), {{"json", "", "what the server says as one JSON document"},
                           {"utc", "", "times in UTC; by default in the local zone"},
                           {"url", "URL", "the server; else FOLIOT_URL, else that of this machine"},
                           {"token-file", "FILE",
                            "who asks (-: standard input); else FOLIOT_TOKEN,\n"
                            "else the token of this machine's server"},
                           {"data-dir", "DIR",
                            "data folder of this machine's server, if it is not the\n"
                            "one of /etc/foliot/foliotd.properties"}});
    return own;
}

Server::Server(const Options& options) : local_(local_server(options.text("data-dir"))) {
    options.require_utf8({"data-dir", "token-file"});
    const bool by_option = options.has("url");
    const std::string given = by_option ? options.text("url") : environment("FOLIOT_URL");
    const bool names_folder = options.has("data-dir") && !by_option;
    if (by_option || (!given.empty() && !names_folder))
        url_ = checked_url(given, by_option ? "option --url" : "FOLIOT_URL");
    is_local_ = url_.empty() || url_ == local_.url;
    find_token(options);
    if (!url_.empty()) return;
    url_ = local_.url;
    if (!url_.empty()) return;
    const bool token_given = token_source_ == "FOLIOT_TOKEN" || options.has("token-file");
    if (names_folder || !token_given || local_.is_stale)
        throw Unreachable("no server of this machine is to be found: " + local_.problem +
                          "; is it running (systemctl status foliot)? Else ask as root, or name a server by --url or "
                          "FOLIOT_URL and a token by --token-file or FOLIOT_TOKEN");
    url_ = kUsualUrl;
}

/// Who names a data folder means its token, too, not one that is there for another server.
void Server::find_token(const Options& options) {
    const bool by_folder = options.has("data-dir") && is_local_ && !local_.token.empty();
    if (options.has("token-file")) {
        token_source_ = options.text("token-file") == "-" ? "standard input" : options.text("token-file");
        token_ = checked_token(token_in(options.text("token-file")), token_source_);
    } else if (std::string given = environment("FOLIOT_TOKEN"); !given.empty() && !by_folder) {
        token_source_ = "FOLIOT_TOKEN";
        token_ = checked_token(std::move(given), token_source_);
    } else if (is_local_ && !local_.token.empty()) {
        token_source_ = local_.token_file().string();
        token_ = checked_token(local_.token, token_source_);
    }
}

Answer Server::ask(const std::string& method, const std::string& path, const std::string& body) const {
    try {
        return exchange({.method = method, .url = url_ + path, .token = token_, .body = body});
    } catch (const NoAnswer& error) {
        give_up(error);
    }
}

Document Server::send(const std::string& method, const std::string& path, const std::string& body) const {
    const Answer answer = ask(method, path, body);
    if (answer.status / 100 != 2) reject(answer);
    try {
        return Document(answer.body.empty() && method != "GET" ? "{}" : answer.body);
    } catch (const json::SyntaxError& error) {
        throw CommandError(url_ + path + " answered " + std::to_string(answer.status) +
                           ", but no JSON: " + error.what() + "; is that a Foliot server?");
    }
}

bool Server::stream(const std::string& path, const std::function<void(std::string_view)>& take) const {
    try {
        const Answer answer = exchange({.url = url_ + path, .token = token_, .take = take});
        if (answer.status / 100 != 2) reject(answer);
        return answer.whole;
    } catch (const NoAnswer& error) {
        give_up(error);
    }
}

Document Server::next_page(const std::string& path, const std::string& member, std::size_t limit,
                           std::string& cursor) const {
    Document page = get(path + (path.find('?') == std::string::npos ? "?" : "&") + "limit=" + std::to_string(limit) +
                        (cursor.empty() ? "" : "&cursor=" + percent_encode(cursor)));
    if (page.value().find(member) == nullptr)
        throw CommandError(url_ + path + " answered without '" + member + "'; is that a Foliot server?");
    std::string next = text_at(page.value(), "next_cursor");
    if (!next.empty() && next == cursor)
        throw CommandError(url_ + path + " answered with the same page again; is that a Foliot server?");
    cursor = std::move(next);
    return page;
}

void Server::each(const std::string& path, const std::string& member,
                  const std::function<void(const json::Value&)>& take) const {
    std::string cursor;
    do {
        const Document page = next_page(path, member, kPage, cursor);
        for (const json::Value& item : items_at(page.value(), member)) take(item);
    } while (!cursor.empty());
}

Server::List Server::list(const std::string& path, const std::string& member, std::size_t limit) const {
    List all;
    std::string cursor;
    do {
        const std::size_t want = limit == 0 ? kPage : std::min(kPage, limit - all.items.size());
        all.pages.push_back(next_page(path, member, want, cursor));
        for (const json::Value& item : items_at(all.pages.back().value(), member)) all.items.push_back(&item);
    } while (!cursor.empty() && (limit == 0 || all.items.size() < limit));
    all.more = !cursor.empty();
    return all;
}

void Server::reject(const Answer& answer) const {
    std::string text = words_in(answer.body);
    const bool by_proxy = answer.status == 502 || answer.status == 504;
    if (text.empty())
        text = url_ + " answered " + std::to_string(answer.status) + " without a reason; " +
               (by_proxy ? "the server behind that proxy does not answer" : "is that a Foliot server?");
    if (answer.status == 401)
        text += token_source_.empty() ? "; give a token by FOLIOT_TOKEN or --token-file, or ask as root"
                                      : "; the token is that of " + token_source_ + ": give one that is valid there";
    if (!answer.retry_after.empty()) text += "; try again in " + answer.retry_after + " s";
    throw Rejected(answer.status, text);
}

void Server::give_up(const NoAnswer& error) const {
    throw Unreachable(url_ + " does not answer: " + error.what() +
                      (is_local_ ? "; is the server running? See: systemctl status foliot, journalctl -u foliot"
                                 : "; is that the right address (--url, FOLIOT_URL), and is the server running?"));
}

std::string query_text(const Query& query) {
    std::string text;
    for (const auto& [name, value] : query) {
        if (!value.empty()) text += (text.empty() ? "?" : "&") + name + "=" + percent_encode(value);
    }
    return text;
}

std::string path_of(std::string_view pattern, std::string_view id) {
    if (id.empty()) throw UsageError("an id is empty");
    const std::size_t at = pattern.find("{}");
    return std::string(pattern.substr(0, at)) + percent_encode(id) + std::string(pattern.substr(at + 2));
}

std::string list_json(const Server::List& list, const std::string& member) {
    json::Writer out;
    out.begin_object().key(member).begin_array();
    for (const json::Value* item : list.items) out.raw(item->raw);
    out.end_array();
    if (list.more) out.field("truncated", true);
    return out.end_object().take() + "\n";
}

}  // namespace foliot::cli

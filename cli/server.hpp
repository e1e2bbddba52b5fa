// The server that a command speaks to: where it is, by whose right, and what it says.
#pragma once

#include "cli/command.hpp"
#include "cli/document.hpp"
#include "cli/http_exchange.hpp"
#include "cli/local_server.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace foliot::cli {

/// The server does not answer.
struct Unreachable : CommandError {
    using CommandError::CommandError;
};

/// It answered that it will not, in its own words.
class Rejected : public CommandError {
  public:
    Rejected(int status, const std::string& text) : CommandError(text), status_(status) {}
    int status() const noexcept { return status_; }

  private:
    int status_;
};

/// A command's own options, those that say which server, and those of all commands that ask one.
std::vector<OptionSpec> with_server_options(std::vector<OptionSpec> own);

class Server {
  public:
    /// By --url, else FOLIOT_URL, else the server of this machine (cli/local_server); with the token of --token-file,
    /// else FOLIOT_TOKEN, else this machine's server's own, which goes to no other. --data-dir wins over the
    /// environment. Throws CommandError that says what is missing.
    explicit Server(const Options& options);

    const std::string& url() const { return url_; }
    /// Its files are this machine's.
    const LocalServer* local() const { return is_local_ ? &local_ : nullptr; }
    const std::string& token_source() const { return token_source_; }  ///< "FOLIOT_TOKEN", a file; "": no token

    /// `path` with its query. What a 2xx says; "{}" for one that says nothing. Throws Unreachable, Rejected.
    Document get(const std::string& path) const { return send("GET", path); }
    Document send(const std::string& method, const std::string& path, const std::string& body = {}) const;
    /// The answer, whatever its status. Throws Unreachable.
    Answer ask(const std::string& method, const std::string& path, const std::string& body = {}) const;
    /// An answer that goes on. False: it broke off. Throws Unreachable, Rejected.
    bool stream(const std::string& path, const std::function<void(std::string_view)>& take) const;
    /// All pages of a list whose items are `member`, as JSON objects, at most `limit` of them (0: all).
    struct List {
        std::vector<Document> pages;
        std::vector<const json::Value*> items;  ///< of the pages
        bool more = false;                      ///< there are more than `limit`
    };
    List list(const std::string& path, const std::string& member, std::size_t limit) const;
    /// All of a list, however long: each item is gone after `take`, but for a page of them.
    void each(const std::string& path, const std::string& member,
              const std::function<void(const json::Value&)>& take) const;

  private:
    /// The page at `cursor`, which is moved on: "" behind the last one.
    Document next_page(const std::string& path, const std::string& member, std::size_t limit,
                       std::string& cursor) const;
    void find_token(const Options& options);
    [[noreturn]] void reject(const Answer& answer) const;
    [[noreturn]] void give_up(const NoAnswer& error) const;

    LocalServer local_;
    bool is_local_ = false;
    std::string url_, token_, token_source_;
};

using Query = std::vector<std::pair<std::string, std::string>>;
/// "?a=b&c=d", encoded; what has no value is left out.
std::string query_text(const Query& query);
/// A path with `id` in the place of its "{}".
std::string path_of(std::string_view pattern, std::string_view id);

/// As one JSON document: {"MEMBER": [...]}, and "truncated": true when there are more.
std::string list_json(const Server::List& list, const std::string& member);

}  // namespace foliot::cli

// One table of routes: it drives dispatch, the role check, 404 and 405, and what OPTIONS says.
#pragma once

#include "api/http/operation.hpp"
#include "api/http/streamed_body.hpp"
#include "base/error.hpp"
#include "domain/account.hpp"
#include "service/authorization.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::api {

/// A request, already framed, bounded, decoded and authenticated.
struct Request {
    std::string method;                                          ///< upper case, one of the known ones
    std::string path;                                            ///< raw, without query
    std::map<std::string, std::string, std::less<>> parameters;  ///< of the route's pattern, percent-decoded once
    std::vector<std::pair<std::string, std::string>> query;      ///< decoded, in order
    std::vector<std::pair<std::string, std::string>> headers;    ///< names in lower case
    std::string body;                                            ///< whole
    Principal principal;         ///< of Access::anonymous and guest routes: may be empty (account 0)
    std::string peer;            ///< address of the client, also when it came through a trusted proxy
    bool over_tls = false;       ///< as a trusted proxy says
    std::string id;              ///< request id, in the log and in X-Request-Id
    std::string_view dialect{};  ///< that its path speaks, once that is known

    std::string_view header(std::string_view name) const;  ///< "" when absent
    const std::string& parameter(std::string_view name) const { return parameters.find(name)->second; }
    std::optional<std::string> query_value(std::string_view name) const;  ///< the last one of that name
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";  ///< "" with no body: header left out
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<StreamedBody> stream{};  ///< instead of a body
};

inline Response json_answer(std::string json_text, int status = 200) {
    return {.status = status, .body = std::move(json_text), .headers = {}};
}
inline Response no_content() { return {.status = 204, .content_type = "", .body = {}, .headers = {}}; }

/// How one dialect says what went wrong. Stateless, lives as long as the router.
class Dialect {
  public:
    virtual ~Dialect() = default;
    virtual std::string_view name() const = 0;  ///< "apscheduler", "ndscheduler", "foliot": also the audit's `via`
    virtual Response error(const RequestError& error) const = 0;
    virtual int status_of(Problem problem) const = 0;  ///< of error()
    virtual Schema error_schema() const = 0;
    virtual Response not_found(std::string_view path) const = 0;  ///< no such URL
    /// `Allow` is added by the server.
    virtual Response method_not_allowed(std::string_view method, std::string_view path) const = 0;
    virtual Response internal_error(std::string_view request_id) const = 0;
    /// To a request with that header: it proves nobody. The challenge is added by the server.
    virtual Response unauthenticated(std::string_view authorization) const;
    /// Value of WWW-Authenticate in a 401 (one header; a Basic challenge makes browsers ask).
    virtual std::string challenge() const = 0;
    /// Flask answers 405 before it asks who is there; the others ask first.
    virtual bool method_check_before_auth() const { return false; }
};

/// anonymous: credentials do not matter; guest: none are needed, but those that are shown must be good.
enum class Access { anonymous, guest, viewer, operator_, admin };

/// A login that came in a request's body, and the body without it.
struct LoginInBody {
    service::Login login;
    std::string rest;
};
/// Nothing: it has none. Throws RequestError (invalid). It reads what strangers send.
using FindLogin = std::optional<LoginInBody> (*)(std::string_view body);

using Handler = std::function<Response(const Request&)>;

struct Route {
    std::string method;  ///< "GET" also answers HEAD
    /// "/scheduler/jobs/{id}"; a parameter is one raw segment (so %2F in it is a slash), but as "{id...}" at the end
    /// the rest of the path, unless another pattern fits all of it.
    std::string pattern;
    Access access = Access::viewer;
    Scope scope = Scope::read;
    Handler handler;
    std::string summary;
    const Dialect* dialect = nullptr;
    Operation operation = {};
    FindLogin login_in = nullptr;  ///< of bodies that may have one, for who shows no credentials in the head
};

struct Match {
    const Route* route = nullptr;  ///< nothing matched when null
    std::map<std::string, std::string, std::less<>> parameters;
    std::set<std::string> allowed;     ///< methods of this path; empty: no such path
    const Dialect* dialect = nullptr;  ///< whose errors to speak; the fallback when nothing is nearer
    bool anonymous = false;            ///< no route of this path needs credentials
};

/// Filled at start, then read-only and thread-safe.
class Router {
  public:
    explicit Router(const Dialect& fallback) : fallback_(fallback) {}

    /// Throws std::logic_error when method and pattern are taken (patterns that differ only in the names of their
    /// parameters are the same). A literal segment is preferred to a parameter, the leftmost difference decides.
    void add(Route route);
    /// Errors of framing and unknown paths below this prefix are spoken in this dialect.
    void claim_prefix(std::string prefix, const Dialect& dialect);

    /// `raw_path`: as sent, without query. A trailing slash is ignored. Throws RequestError (malformed) for bad percent
    /// encoding, NUL, bad UTF-8, or a segment that decodes to "." or ".." and is not a parameter.
    Match match(std::string_view method, std::string_view raw_path) const;
    const Dialect& dialect_of(std::string_view raw_path) const;
    const std::vector<Route>& routes() const { return routes_; }

  private:
    using Shape = std::vector<std::string>;  ///< segments of a pattern; a parameter keeps its braces

    const Dialect& fallback_;
    std::vector<Route> routes_;
    std::vector<Shape> shapes_;  ///< of routes_, same order
    std::vector<std::pair<std::string, const Dialect*>> prefixes_;
};

/// "{id}" and "{id...}": "id".
std::string_view parameter_name(std::string_view segment);

/// Percent-decoding of one path segment or query part; nothing when it is not well-formed UTF-8 or holds a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);

}  // namespace foliot::api

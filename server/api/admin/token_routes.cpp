#include "api/admin/account_json.hpp"
#include "api/admin/account_query.hpp"
#include "api/admin/account_routes.hpp"
#include "api/admin/choice.hpp"
#include "api/admin/dialect.hpp"
#include "api/admin/fields.hpp"
#include "api/http/route_table.hpp"
#include "base/error.hpp"
#include "base/time_text.hpp"

namespace foliot::api::admin {
namespace {

using service::TokenQuery;
using service::Tokens;

template <class T>
T required(std::optional<T> value, const char* name) {
    if (!value) throw RequestError(Problem::invalid, "missing required field '" + std::string(name) + "'", name);
    return *std::move(value);
}

std::optional<Micros> expires_of(Fields& fields) {
    const auto text = fields.text_or_null("expires");
    if (!text || !*text) return std::nullopt;
    const auto time = parse_time(**text);
    if (!time) throw invalid_field("expires", "cannot read '" + **text + "'; write null or 2026-11-21T01:30:00Z");
    return time->at;
}

service::TokenWish token_wish(const Request& request) {
    Fields fields(request.body);
    service::TokenWish wish;
    wish.name = required(fields.text("name"), "name");
    wish.scope = choice<Scope>("scope", required(fields.text("scope"), "scope"), kScopeNames);
    wish.expires = expires_of(fields);
    wish.user = fields.integer("user");
    fields.finish();
    return wish;
}

TokenQuery token_query(const Request& request) {
    const PageQuery page = page_query(request, {"user"});
    TokenQuery query{.limit = page.limit, .after = page.after};
    if (const auto user = request.query_value("user")) {
        query.of = *user == "all" ? TokenQuery::Of::all : TokenQuery::Of::user;
        if (query.of == TokenQuery::Of::user) query.user = id_in_query("user", *user);
    }
    return query;
}

Schema token_body() {
    return Schema::object({{"name", Schema::text(1, 64)},
                           {"scope", Schema::word({"read", "run", "write", "admin"})},
                           {"expires", Schema::instant().or_null(), false},
                           {"user", Schema::whole(1).described("whose; for Admins"), false}})
        .with_example(R"({"name":"nightly","scope":"run","expires":"2099-12-31T23:59:59Z","user":1})")
        .named("new-token");
}

Response all(Tokens& tokens, const Request& request) {
    const auto page = tokens.list(caller_of(request), token_query(request));
    return list("tokens", page.items, page.next, write_token);
}

Response add(Tokens& tokens, const Request& request) {
    no_query(request);
    const service::NewToken made = tokens.add(caller_of(request), token_wish(request));
    return created("/api/v1/tokens", made.token.id, new_token_json(made.token, made.secret));
}

Operation revoking_all() {
    Operation operation =
        answering(Schema::object({{"revoked", Schema::whole(0)}}), "How many went", {Problem::not_found});
    operation.query = {{"user", Schema::whole(1), "a user's id; for Admins that of anybody", true}};
    return operation;
}

Response remove_all(Tokens& tokens, const Request& request) {
    only(request, {"user"});
    const auto user = request.query_value("user");
    if (!user) throw RequestError(Problem::invalid, "missing required parameter 'user'", "user");
    json::Writer writer;
    writer.begin_object().field("revoked", tokens.remove_all(caller_of(request), id_in_query("user", *user)));
    return json_answer(writer.end_object().take());
}

}  // namespace

void add_token_routes(Router& router, Tokens& tokens) {
    RouteTable table(router, dialect(), "/api/v1/tokens");
    table.add(
        "GET", "", Access::viewer, Scope::read, [&tokens](const Request& r) { return all(tokens, r); },
        "My tokens; for Admins those of a user, or all",
        giving_page("tokens", token_schema(), {{"user", Schema::text(), "a user's id, or all"}}));
    table.add(
        "POST", "", Access::viewer, Scope::write, [&tokens](const Request& r) { return add(tokens, r); },
        "Make a token; its secret is told this once",
        making(token_body(), new_token_schema(), "The token with its secret"));
    table.add(
        "DELETE", "", Access::viewer, Scope::write, [&tokens](const Request& r) { return remove_all(tokens, r); },
        "Revoke all tokens of a user, and what was made with them", revoking_all());
    table.add("GET", "/{id}", Access::viewer, Scope::read,
              plainly([&tokens](const Request& r) { return token_json(tokens.get(caller_of(r), id_of(r, "Token"))); }),
              "One token", answering(token_schema(), "The token"));
    table.add("DELETE", "/{id}", Access::viewer, Scope::write,
              plainly([&tokens](const Request& r) { tokens.remove(caller_of(r), id_of(r, "Token")); }),
              "Revoke a token, and what was made with it", without_answer("Revoked"));
}

}  // namespace foliot::api::admin

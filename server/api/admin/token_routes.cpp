#include "api/admin/account_body.hpp"
#include "api/admin/account_json.hpp"
#include "api/admin/account_query.hpp"
#include "api/admin/account_routes.hpp"
#include "api/admin/dialect.hpp"
#include "api/http/route_table.hpp"

namespace foliot::api::admin {
namespace {

using service::TokenQuery;
using service::Tokens;

TokenQuery token_query(const Request& request) {
    const PageQuery page = page_query(request, {"user"});
    TokenQuery query{.limit = page.limit, .after = page.after};
    if (const auto user = request.query_value("user")) {
        query.of = *user == "all" ? TokenQuery::Of::all : TokenQuery::Of::user;
        if (query.of == TokenQuery::Of::user) query.user = id_in_query("user", *user);
    }
    return query;
}

Response all(Tokens& tokens, const Request& request) {
    const auto page = tokens.list(caller_of(request), token_query(request));
    return list("tokens", page.items, page.next, write_token);
}

Response add(Tokens& tokens, const Request& request) {
    no_query(request);
    const service::NewToken made = tokens.add(caller_of(request), token_wish(request.body));
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

#include "api/admin/account_body.hpp"
#include "api/admin/account_json.hpp"
#include "api/admin/account_query.hpp"
#include "api/admin/account_routes.hpp"
#include "api/admin/dialect.hpp"
#include "api/http/route_table.hpp"

namespace foliot::api::admin {
namespace {

using service::Users;

Response all(Users& users, const Request& request) {
    const PageQuery query = page_query(request);
    const auto page = users.list(caller_of(request), query.limit, query.after);
    return list("users", page.items, page.next, write_user);
}

Response add(Users& users, const Request& request) {
    no_query(request);
    const Account account = users.add(caller_of(request), user_edit(request.body));
    return created("/api/v1/users", account.id, user_json(account));
}

}  // namespace

void add_user_routes(Router& router, Users& users) {
    RouteTable table(router, dialect(), "/api/v1/users");
    table.add(
        "GET", "", Access::admin, Scope::read, [&users](const Request& r) { return all(users, r); }, "Users",
        giving_page("users", user_schema()));
    table.add(
        "POST", "", Access::admin, Scope::admin, [&users](const Request& r) { return add(users, r); }, "Add a user",
        making(user_body(true), user_schema(), "The user"));
    table.add("GET", "/me", Access::viewer, Scope::read,
              plainly([&users](const Request& r) { return user_json(users.me(caller_of(r))); }), "Who I am",
              answering(user_schema(), "The user of these credentials"));
    table.add("PATCH", "/me", Access::viewer, Scope::write,
              plainly([&users](const Request& r) { return user_json(users.edit_me(caller_of(r), own_edit(r.body))); }),
              "Change my password", changing(own_body(), user_schema(), "The user"));
    table.add("GET", "/{id}", Access::admin, Scope::read,
              plainly([&users](const Request& r) { return user_json(users.get(caller_of(r), id_of(r, "User"))); }),
              "One user", answering(user_schema(), "The user"));
    table.add("PATCH", "/{id}", Access::admin, Scope::admin, plainly([&users](const Request& r) {
                  return user_json(users.edit(caller_of(r), id_of(r, "User"), user_edit(r.body)));
              }),
              "Change a user", changing(user_body(false), user_schema(), "The user"));
    table.add("DELETE", "/{id}", Access::admin, Scope::admin,
              plainly([&users](const Request& r) { users.remove(caller_of(r), id_of(r, "User")); }),
              "Delete a user with its tokens", without_answer("Deleted", {Problem::conflict}));
}

}  // namespace foliot::api::admin

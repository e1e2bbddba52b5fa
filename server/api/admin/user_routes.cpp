#include "api/admin/account_json.hpp"
#include "api/admin/account_query.hpp"
#include "api/admin/account_routes.hpp"
#include "api/admin/dialect.hpp"
#include "api/admin/fields.hpp"
#include "api/http/route_table.hpp"
#include "base/error.hpp"

namespace foliot::api::admin {
namespace {

using json::Kind;
using service::GroupName;
using service::Users;

std::optional<std::vector<GroupName>> groups_of(Fields& fields) {
    const json::Value* list = fields.take("groups");
    if (list == nullptr) return std::nullopt;
    if (!list->is(Kind::array)) refuse_kind("groups", "a list of ids or names", *list);
    std::vector<GroupName> groups;
    for (const json::Value& item : list->items) {
        if (item.is(Kind::integer)) {
            groups.emplace_back(item.integer);
        } else if (item.is(Kind::string)) {
            groups.emplace_back(item.string);
        } else {
            refuse_kind("groups", "a list of ids or names", item);
        }
    }
    return groups;
}

service::UserEdit user_edit(const Request& request) {
    Fields fields(request.body);
    service::UserEdit edit;
    edit.name = fields.text("name");
    edit.email = fields.text_or_null("email");
    edit.active = fields.flag("active");
    edit.password = fields.text_or_null("password");
    edit.groups = groups_of(fields);
    fields.finish();
    return edit;
}

service::OwnEdit own_edit(const Request& request) {
    Fields fields(request.body);
    service::OwnEdit edit;
    edit.password = fields.text("password");
    edit.current_password = fields.text("current_password");
    fields.finish();
    return edit;
}

Schema password_schema() { return Schema::text(8, service::kLongestPassword); }

Schema user_body(bool is_new) {
    const Schema group = Schema::either({Schema::whole(1), Schema::text(1)});
    return Schema::object({{"name", Schema::text(1, 64), is_new},
                           {"email", Schema::text(3).or_null(), false},
                           {"active", Schema::boolean(), false},
                           {"password", password_schema().or_null(), false},
                           {"groups", Schema::list(group).described("ids or names: these and no others"), false}})
        .with_examples(
            {is_new
                 ? R"({"name":"ann","email":"ann@example.org","active":true,"password":"tell nobody","groups":["Viewers"]})"
                 : R"({"name":"ann","email":null,"active":true,"password":null,"groups":[1]})"})
        .named(is_new ? "new-user" : "user-edit");
}

Schema own_body() {
    return Schema::object({{"password", password_schema(), false}, {"current_password", Schema::text(), false}})
        .with_example(R"({"password":"a longer secret","current_password":"tell nobody"})")
        .named("own-edit");
}

Response all(Users& users, const Request& request) {
    const PageQuery query = page_query(request);
    const auto page = users.list(caller_of(request), query.limit, query.after);
    return list("users", page.items, page.next, write_user);
}

Response add(Users& users, const Request& request) {
    no_query(request);
    const Account account = users.add(caller_of(request), user_edit(request));
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
              plainly([&users](const Request& r) { return user_json(users.edit_me(caller_of(r), own_edit(r))); }),
              "Change my password", changing(own_body(), user_schema(), "The user"));
    table.add("GET", "/{id}", Access::admin, Scope::read,
              plainly([&users](const Request& r) { return user_json(users.get(caller_of(r), id_of(r, "User"))); }),
              "One user", answering(user_schema(), "The user"));
    table.add("PATCH", "/{id}", Access::admin, Scope::admin, plainly([&users](const Request& r) {
                  return user_json(users.edit(caller_of(r), id_of(r, "User"), user_edit(r)));
              }),
              "Change a user", changing(user_body(false), user_schema(), "The user"));
    table.add("DELETE", "/{id}", Access::admin, Scope::admin,
              plainly([&users](const Request& r) { users.remove(caller_of(r), id_of(r, "User")); }),
              "Delete a user with its tokens", without_answer("Deleted", {Problem::conflict}));
}

}  // namespace foliot::api::admin

#include "api/admin/account_json.hpp"
#include "api/admin/account_query.hpp"
#include "api/admin/account_routes.hpp"
#include "api/admin/dialect.hpp"
#include "api/admin/fields.hpp"
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
    edit.email = fields.text_or_null("email");
    edit.password = fields.text("password");
    edit.current_password = fields.text("current_password");
    fields.finish();
    return edit;
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
    const auto route = [&](const char* method, const char* pattern, Access access, Scope scope, Handler handler,
                           const char* summary) {
        router.add({method, pattern, access, scope, std::move(handler), summary, &dialect()});
    };
    route(
        "GET", "/api/v1/users", Access::admin, Scope::read, [&users](const Request& r) { return all(users, r); },
        "Users");
    route(
        "POST", "/api/v1/users", Access::admin, Scope::admin, [&users](const Request& r) { return add(users, r); },
        "Add a user");
    route(
        "GET", "/api/v1/users/me", Access::viewer, Scope::read,
        [&users](const Request& r) {
            no_query(r);
            return answer(200, user_json(users.me(caller_of(r))));
        },
        "Who I am");
    route(
        "PATCH", "/api/v1/users/me", Access::viewer, Scope::write,
        [&users](const Request& r) {
            no_query(r);
            return answer(200, user_json(users.edit_me(caller_of(r), own_edit(r))));
        },
        "Change my password or email");
    route(
        "GET", "/api/v1/users/{id}", Access::admin, Scope::read,
        [&users](const Request& r) {
            no_query(r);
            return answer(200, user_json(users.get(caller_of(r), id_of(r, "User"))));
        },
        "One user");
    route(
        "PATCH", "/api/v1/users/{id}", Access::admin, Scope::admin,
        [&users](const Request& r) {
            no_query(r);
            return answer(200, user_json(users.edit(caller_of(r), id_of(r, "User"), user_edit(r))));
        },
        "Change a user");
    route(
        "DELETE", "/api/v1/users/{id}", Access::admin, Scope::admin,
        [&users](const Request& r) {
            no_query(r);
            users.remove(caller_of(r), id_of(r, "User"));
            return no_content();
        },
        "Delete a user with its tokens");
}

}  // namespace foliot::api::admin

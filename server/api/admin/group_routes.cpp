#include "api/admin/account_json.hpp"
#include "api/admin/account_query.hpp"
#include "api/admin/account_routes.hpp"
#include "api/admin/choice.hpp"
#include "api/admin/dialect.hpp"
#include "api/admin/fields.hpp"

namespace foliot::api::admin {
namespace {

using service::Groups;

service::GroupEdit group_edit(const Request& request) {
    Fields fields(request.body);
    service::GroupEdit edit;
    edit.name = fields.text("name");
    if (const auto role = fields.text("role")) edit.role = choice<Role>("role", *role, kRoleNames);
    fields.finish();
    return edit;
}

Schema group_body(bool is_new) {
    return Schema::object(
               {{"name", Schema::text(1, 64), is_new}, {"role", Schema::word({"viewer", "operator", "admin"}), is_new}})
        .with_example(is_new ? R"({"name":"Watchers","role":"viewer"})" : R"({"name":"Lookers"})")
        .named(is_new ? "new-group" : "group-edit");
}

Response all(Groups& groups, const Request& request) {
    const PageQuery query = page_query(request);
    const auto page = groups.list(caller_of(request), query.limit, query.after);
    return list("groups", page.items, page.next, write_group);
}

Response add(Groups& groups, const Request& request) {
    no_query(request);
    const Group group = groups.add(caller_of(request), group_edit(request));
    return created("/api/v1/groups", group.id, group_json(group));
}

}  // namespace

void add_group_routes(Router& router, Groups& groups) {
    const auto route = [&](const char* method, const char* pattern, Scope scope, Handler handler, const char* summary,
                           Operation operation) {
        router.add(
            {method, pattern, Access::admin, scope, std::move(handler), summary, &dialect(), std::move(operation)});
    };
    route(
        "GET", "/api/v1/groups", Scope::read, [&groups](const Request& r) { return all(groups, r); }, "Groups",
        giving_page("groups", group_schema()));
    route(
        "POST", "/api/v1/groups", Scope::admin, [&groups](const Request& r) { return add(groups, r); }, "Add a group",
        making(group_body(true), group_schema(), "The group"));
    route(
        "GET", "/api/v1/groups/{id}", Scope::read,
        [&groups](const Request& r) {
            no_query(r);
            return answer(200, group_json(groups.get(caller_of(r), id_of(r, "Group"))));
        },
        "One group", answering(group_schema(), "The group"));
    route(
        "PATCH", "/api/v1/groups/{id}", Scope::admin,
        [&groups](const Request& r) {
            no_query(r);
            return answer(200, group_json(groups.edit(caller_of(r), id_of(r, "Group"), group_edit(r))));
        },
        "Change a group", changing(group_body(false), group_schema(), "The group"));
    route(
        "DELETE", "/api/v1/groups/{id}", Scope::admin,
        [&groups](const Request& r) {
            no_query(r);
            groups.remove(caller_of(r), id_of(r, "Group"));
            return no_content();
        },
        "Delete a group that has no members", without_answer("Deleted", {Problem::conflict}));
}

void add_account_routes(Router& router, service::Services& services) {
    add_user_routes(router, services.users);
    add_group_routes(router, services.groups);
    add_token_routes(router, services.tokens);
}

}  // namespace foliot::api::admin

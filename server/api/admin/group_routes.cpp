#include "api/admin/account_body.hpp"
#include "api/admin/account_json.hpp"
#include "api/admin/account_query.hpp"
#include "api/admin/account_routes.hpp"
#include "api/admin/dialect.hpp"
#include "api/http/route_table.hpp"

namespace foliot::api::admin {
namespace {

using service::Groups;

Response all(Groups& groups, const Request& request) {
    const PageQuery query = page_query(request);
    const auto page = groups.list(caller_of(request), query.limit, query.after);
    return list("groups", page.items, page.next, write_group);
}

Response add(Groups& groups, const Request& request) {
    no_query(request);
    const Group group = groups.add(caller_of(request), group_edit(request.body));
    return created("/api/v1/groups", group.id, group_json(group));
}

}  // namespace

void add_group_routes(Router& router, Groups& groups) {
    RouteTable table(router, dialect(), "/api/v1/groups");
    table.add(
        "GET", "", Access::admin, Scope::read, [&groups](const Request& r) { return all(groups, r); }, "Groups",
        giving_page("groups", group_schema()));
    table.add(
        "POST", "", Access::admin, Scope::admin, [&groups](const Request& r) { return add(groups, r); }, "Add a group",
        making(group_body(true), group_schema(), "The group"));
    table.add("GET", "/{id}", Access::admin, Scope::read,
              plainly([&groups](const Request& r) { return group_json(groups.get(caller_of(r), id_of(r, "Group"))); }),
              "One group", answering(group_schema(), "The group"));
    table.add("PATCH", "/{id}", Access::admin, Scope::admin, plainly([&groups](const Request& r) {
                  return group_json(groups.edit(caller_of(r), id_of(r, "Group"), group_edit(r.body)));
              }),
              "Change a group", changing(group_body(false), group_schema(), "The group"));
    table.add("DELETE", "/{id}", Access::admin, Scope::admin,
              plainly([&groups](const Request& r) { groups.remove(caller_of(r), id_of(r, "Group")); }),
              "Delete a group that has no members", without_answer("Deleted", {Problem::conflict}));
}

void add_account_routes(Router& router, service::Services& services) {
    add_user_routes(router, services.users);
    add_group_routes(router, services.groups);
    add_token_routes(router, services.tokens);
}

}  // namespace foliot::api::admin

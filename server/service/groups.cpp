#include "service/groups.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "service/account_unit.hpp"
#include "service/names.hpp"
#include "service/privileged_jobs.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

Group changeable(store::Tx& tx, std::int64_t id) {
    Group group = find_group(tx, id);
    if (id <= kAdmins) throw RequestError(Problem::conflict, "Group " + group.name + " is built in and stays as it is");
    return group;
}

std::string difference(const Group& before, const Group& after) {
    Difference difference;
    difference.field("name", json::quote(before.name), json::quote(after.name));
    difference.field("role", json::quote(name_of(before.role)), json::quote(name_of(after.role)));
    return difference.text();
}

}  // namespace

store::Page<Group> Groups::list(const Caller& caller, std::size_t limit, std::int64_t after) {
    require(caller, Power::inspect, "read groups");
    store::Page<Group> page;
    read(store_, [&](store::Snapshot& seen) { page = seen.accounts().groups(limit, after); });
    return page;
}

Group Groups::get(const Caller& caller, std::int64_t id) {
    require(caller, Power::inspect, "read groups");
    std::optional<Group> group;
    read(store_, [&](store::Snapshot& seen) { group = seen.accounts().group(id); });
    if (!group) throw not_found("Group", id);
    return *std::move(group);
}

Group Groups::add(const Caller& caller, const GroupEdit& group) {
    require_for_change(caller, Power::admin, "add groups");
    if (!group.name) throw RequestError(Problem::invalid, "missing required field 'name'", "name");
    if (!group.role) throw RequestError(Problem::invalid, "missing required field 'role'", "role");
    check_name("name", *group.name);
    Group made;
    write(store_, [&](store::Tx& tx) {
        made = find_group(tx, tx.accounts().add_group(*group.name, *group.role));
        audit(tx, caller, {"group", made.id, made.name, "added", "", shown(made)});
    });
    return made;
}

Group Groups::edit(const Caller& caller, std::int64_t id, const GroupEdit& edit) {
    require_for_change(caller, Power::admin, "change groups");
    if (edit.name) check_name("name", *edit.name);
    Group after;
    write(store_, [&](store::Tx& tx) {
        const Group before = changeable(tx, id);
        keep_an_admin(tx, [&] { tx.accounts().change_group(id, {edit.name, edit.role}); });
        after = find_group(tx, id);
        if (before.role == Role::admin && after.role != Role::admin) doubt_privileged_jobs(tx);
        const std::string text = difference(before, after);
        if (!text.empty()) audit(tx, caller, {"group", id, after.name, "modified", "", text});
    });
    return after;
}

void Groups::remove(const Caller& caller, std::int64_t id) {
    require_for_change(caller, Power::admin, "delete groups");
    write(store_, [&](store::Tx& tx) {
        const Group group = changeable(tx, id);
        if (group.members > 0) {
            throw RequestError(Problem::conflict, "Group " + group.name + " has members (" +
                                                      std::to_string(group.members) + "): take them out of it first");
        }
        tx.accounts().remove_group(id);
        audit(tx, caller, {"group", id, group.name, "deleted", shown(group)});
    });
}

}  // namespace foliot::service

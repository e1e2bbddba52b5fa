#include "store/sqlite/accounts.hpp"

namespace foliot::store::sqlite {
namespace {

#define FOLIOT_GROUP_COLUMNS "g.id,g.name,g.role,(SELECT count(*) FROM member m WHERE m.grp=g.id) FROM role_group g"

Group group_row(const Query& query) {
    return {query.integer(0), query.text(1), static_cast<Role>(query.integer(2)), query.integer(3)};
}

void refuse_taken_name(Connection& db, std::string_view name, std::int64_t but) {
    if (db.query("SELECT count(*) FROM role_group WHERE name=? AND id<>?").bind(name, but).number() == 0) return;
    throw Refused(Refused::Why::conflict, "a group named '" + std::string(name) + "' exists already");
}

Group must_find(Connection& db, std::int64_t id) {
    auto group = find_group(db, id);
    if (!group) throw Refused(Refused::Why::missing, "there is no group " + std::to_string(id));
    return *std::move(group);
}

}  // namespace

std::vector<GroupRef> groups_of(Connection& db, std::int64_t account) {
    Query query =
        db.query("SELECT g.id,g.name FROM member m JOIN role_group g ON g.id=m.grp WHERE m.account=? ORDER BY m.grp");
    query.bind(account);
    std::vector<GroupRef> groups;
    while (query.next()) groups.push_back({query.integer(0), query.text(1)});
    return groups;
}

void put_into_groups(Work& work, std::int64_t account, const std::vector<std::int64_t>& groups) {
    work.db.query("DELETE FROM member WHERE account=?").bind(account).run();
    for (const std::int64_t group : groups) {
        must_find(work.db, group);
        work.db.query("INSERT OR IGNORE INTO member(account,grp) VALUES(?,?)").bind(account, group).run();
    }
}

std::optional<Group> find_group(Connection& db, std::int64_t id) {
    Query query = db.query("SELECT " FOLIOT_GROUP_COLUMNS " WHERE g.id=?");
    if (!query.bind(id).next()) return std::nullopt;
    return group_row(query);
}

std::optional<Group> find_group(Connection& db, std::string_view name) {
    Query query = db.query("SELECT " FOLIOT_GROUP_COLUMNS " WHERE g.name=?");
    if (!query.bind(name).next()) return std::nullopt;
    return group_row(query);
}

Page<Group> page_of_groups(Connection& db, std::size_t limit, std::int64_t after) {
    Query query = db.query("SELECT " FOLIOT_GROUP_COLUMNS " WHERE g.id>? ORDER BY g.id LIMIT ?");
    query.bind(after, limit + 1);
    Page<Group> page;
    while (query.next()) {
        if (page.items.size() == limit) {
            page.next = page.items.empty() ? after : page.items.back().id;
            break;
        }
        page.items.push_back(group_row(query));
    }
    return page;
}

std::int64_t add_group(Work& work, std::string_view name, Role role) {
    refuse_taken_name(work.db, name, 0);
    return work.db.query("INSERT INTO role_group(name,role) VALUES(?,?) RETURNING id").bind(name, role).number();
}

void change_group(Work& work, std::int64_t id, const GroupChange& change) {
    must_find(work.db, id);
    if (change.name) {
        refuse_taken_name(work.db, *change.name, id);
        work.db.query("UPDATE role_group SET name=? WHERE id=?").bind(*change.name, id).run();
    }
    if (change.role) work.db.query("UPDATE role_group SET role=? WHERE id=?").bind(*change.role, id).run();
    work.tell(Event::Kind::accounts_changed, 0);
}

void remove_group(Work& work, std::int64_t id) {
    const Group group = must_find(work.db, id);
    if (group.members > 0) throw Refused(Refused::Why::conflict, "group '" + group.name + "' has members");
    work.db.query("DELETE FROM role_group WHERE id=?").bind(id).run();
    work.tell(Event::Kind::accounts_changed, 0);
}

}  // namespace foliot::store::sqlite

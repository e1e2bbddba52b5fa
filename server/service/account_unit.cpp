#include "service/account_unit.hpp"

#include "base/json.hpp"
#include "base/time_text.hpp"

namespace foliot::service {

RequestError not_found(std::string_view kind, std::int64_t id) {
    return {Problem::not_found, std::string(kind) + " " + std::to_string(id) + " not found"};
}

Account find_account(store::Tx& tx, std::int64_t id) {
    auto account = tx.accounts().account(id);
    if (!account) throw not_found("User", id);
    return *std::move(account);
}

Group find_group(store::Tx& tx, std::int64_t id) {
    auto group = tx.accounts().group(id);
    if (!group) throw not_found("Group", id);
    return *std::move(group);
}

void audit(store::Tx& tx, const Caller& caller, const AccountAudit& entry) {
    store::AuditEntry row;
    row.actor = caller.who.name;
    row.via = caller.via;
    row.event = entry.event;
    row.kind = entry.kind;
    row.ref = std::to_string(entry.id);
    row.name = entry.name;
    row.before = entry.before;
    row.after = entry.after;
    tx.audit(row);
}

void require_for_change(const Caller& caller, Power power, std::string_view action) {
    require(caller, power, action);
    if (caller.who.account != kAnybody) return;
    throw RequestError(Problem::forbidden, "a change of users, groups or tokens needs auth.enabled = true");
}

void keep_an_admin(store::Tx& tx, const std::function<void()>& change) {
    const bool had_one = tx.accounts().has_active_admin();
    change();
    if (had_one && !tx.accounts().has_active_admin()) {
        throw RequestError(Problem::conflict, "This would leave no active user who is an Admin");
    }
}

Difference& Difference::field(std::string_view name, const std::string& before, const std::string& after) {
    if (before == after) return *this;
    if (!text_.empty()) text_ += '\n';
    text_.append(name).append(": ").append(before).append(" -> ").append(after);
    return *this;
}

std::string shown_text(const std::optional<std::string>& text) { return text ? json::quote(*text) : "null"; }

std::string shown_groups(const Account& account) {
    json::Writer writer;
    writer.begin_array();
    for (const GroupRef& group : account.groups) writer.value(group.name);
    return writer.end_array().take();
}

std::string shown(const Account& account) {
    json::Writer writer;
    writer.begin_object().field("name", account.name).field("email", account.email).field("active", account.active);
    writer.raw_field("groups", shown_groups(account)).field("has_password", account.has_password);
    return writer.end_object().take();
}

std::string shown(const Group& group) {
    json::Writer writer;
    return writer.begin_object().field("name", group.name).field("role", name_of(group.role)).end_object().take();
}

std::string shown(const Token& token) {
    json::Writer writer;
    writer.begin_object().field("name", token.name).field("user", token.account_name);
    writer.field("scope", name_of(token.scope));
    writer.field("expires", token.expires ? std::optional(iso_time(*token.expires)) : std::nullopt);
    writer.field("made_by", token.made_by);
    return writer.end_object().take();
}

}  // namespace foliot::service

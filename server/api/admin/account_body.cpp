#include "api/admin/account_body.hpp"

#include "api/admin/choice.hpp"
#include "api/admin/fields.hpp"
#include "base/error.hpp"
#include "base/time_text.hpp"

namespace foliot::api::admin {
namespace {

using json::Kind;
using service::GroupName;

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

Schema password_schema() { return Schema::text(8, service::kLongestPassword); }

}  // namespace

service::UserEdit user_edit(std::string_view body) {
    Fields fields(body);
    service::UserEdit edit;
    edit.name = fields.text("name");
    edit.email = fields.text_or_null("email");
    edit.active = fields.flag("active");
    edit.password = fields.text_or_null("password");
    edit.groups = groups_of(fields);
    fields.finish();
    return edit;
}

service::OwnEdit own_edit(std::string_view body) {
    Fields fields(body);
    service::OwnEdit edit;
    edit.password = fields.text("password");
    edit.current_password = fields.text("current_password");
    fields.finish();
    return edit;
}

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

service::GroupEdit group_edit(std::string_view body) {
    Fields fields(body);
    service::GroupEdit edit;
    edit.name = fields.text("name");
    if (const auto role = fields.text("role")) edit.role = choice<Role>("role", *role, kRoleNames);
    fields.finish();
    return edit;
}

Schema group_body(bool is_new) {
    return Schema::object(
               {{"name", Schema::text(1, 64), is_new}, {"role", Schema::word({"viewer", "operator", "admin"}), is_new}})
        .with_example(is_new ? R"({"name":"Watchers","role":"viewer"})" : R"({"name":"Lookers","role":"viewer"})")
        .named(is_new ? "new-group" : "group-edit");
}

service::TokenWish token_wish(std::string_view body) {
    Fields fields(body);
    service::TokenWish wish;
    wish.name = required(fields.text("name"), "name");
    wish.scope = choice<Scope>("scope", required(fields.text("scope"), "scope"), kScopeNames);
    wish.expires = expires_of(fields);
    wish.user = fields.integer("user");
    fields.finish();
    return wish;
}

Schema token_body() {
    return Schema::object({{"name", Schema::text(1, 64)},
                           {"scope", Schema::word({"read", "run", "write", "admin"})},
                           {"expires", Schema::instant().or_null(), false},
                           {"user", Schema::whole(1).described("whose; for Admins"), false}})
        .with_example(R"({"name":"nightly","scope":"run","expires":"2099-12-31T23:59:59Z","user":1})")
        .named("new-token");
}

}  // namespace foliot::api::admin

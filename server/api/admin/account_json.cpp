#include "api/admin/account_json.hpp"

#include "base/time_text.hpp"

namespace foliot::api::admin {
namespace {

std::optional<std::string> time_text(const std::optional<Micros>& at) {
    if (!at) return std::nullopt;
    return iso_time(*at);
}

template <class Item>
std::string one(void (*write)(json::Writer&, const Item&), const Item& item) {
    json::Writer writer;
    write(writer, item);
    return writer.take();
}

void write_fields(json::Writer& writer, const Token& token) {
    writer.field("id", token.id).field("name", token.name).field("scope", name_of(token.scope));
    writer.key("user").begin_object().field("id", token.account).field("name", token.account_name).end_object();
    writer.field("created", iso_time(token.created)).field("expires", time_text(token.expires));
    writer.field("last_used", time_text(token.used));
}

}  // namespace

void write_user(json::Writer& writer, const Account& account) {
    writer.begin_object().field("id", account.id).field("name", account.name).field("email", account.email);
    writer.field("active", account.active).field("role", name_of(account.role)).key("groups").begin_array();
    for (const GroupRef& group : account.groups) {
        writer.begin_object().field("id", group.id).field("name", group.name).end_object();
    }
    writer.end_array().field("has_password", account.has_password).field("created", iso_time(account.created));
    writer.end_object();
}

void write_group(json::Writer& writer, const Group& group) {
    writer.begin_object().field("id", group.id).field("name", group.name).field("role", name_of(group.role));
    writer.field("members", group.members).end_object();
}

void write_token(json::Writer& writer, const Token& token) {
    writer.begin_object();
    write_fields(writer, token);
    writer.end_object();
}

std::string user_json(const Account& account) { return one(write_user, account); }
std::string group_json(const Group& group) { return one(write_group, group); }
std::string token_json(const Token& token) { return one(write_token, token); }

std::string new_token_json(const Token& token, const std::string& secret) {
    json::Writer writer;
    writer.begin_object();
    write_fields(writer, token);
    return writer.field("token", secret).end_object().take();
}

}  // namespace foliot::api::admin

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
    writer.field("last_used", time_text(token.used)).field("made_by", token.made_by);
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

namespace {

std::vector<Schema::Property> token_properties() {
    const Schema text = Schema::text();
    return {{"id", Schema::whole(1)},
            {"name", text},
            {"scope", Schema::word({"read", "run", "write", "admin"})},
            {"user", Schema::object({{"id", Schema::whole(1)}, {"name", text}})},
            {"created", Schema::instant()},
            {"expires", Schema::instant().or_null()},
            {"last_used", Schema::instant().or_null().described("to the minute")},
            {"made_by", Schema::whole(1).or_null().described("id of the token that made it; it may be gone")}};
}

}  // namespace

Schema user_schema() {
    const Schema text = Schema::text(), id = Schema::whole(1);
    return Schema::object({{"id", id},
                           {"name", text},
                           {"email", text.or_null()},
                           {"active", Schema::boolean()},
                           {"role", Schema::word({"viewer", "operator", "admin"})},
                           {"groups", Schema::list(Schema::object({{"id", id}, {"name", text}}))},
                           {"has_password", Schema::boolean()},
                           {"created", Schema::instant()}})
        .named("user");
}

Schema group_schema() {
    return Schema::object({{"id", Schema::whole(1)},
                           {"name", Schema::text()},
                           {"role", Schema::word({"viewer", "operator", "admin"})},
                           {"members", Schema::whole(0)}})
        .named("group");
}

Schema token_schema() { return Schema::object(token_properties()).named("token"); }

Schema new_token_schema() {
    auto properties = token_properties();
    properties.push_back({"token", Schema::text().described("the secret, told this once")});
    return Schema::object(properties);
}

Operation giving_page(std::string_view name, const Schema& item, std::vector<QueryParameter> others) {
    Operation operation = answering(Schema::object({{std::string(name), Schema::list(item)},
                                                    {"truncated", Schema::boolean(), false},
                                                    {"next_cursor", Schema::text(), false}}),
                                    "With next_cursor when there are more");
    operation.query = std::move(others);
    operation.query.push_back({"limit", Schema::whole(1, 1'000), "at most so many"});
    operation.query.push_back({"cursor", Schema::text(), "next_cursor of the page before"});
    return operation;
}

Operation making(const Schema& body, const Schema& made, std::string description) {
    Operation operation = changing(body, made, std::move(description));
    operation.answers.front().status = 201;
    return operation;
}

Operation changing(const Schema& body, const Schema& changed, std::string description) {
    Operation operation = answering(changed, std::move(description), {Problem::conflict});
    operation.body = body;
    return operation;
}

}  // namespace foliot::api::admin

#include "api/http/route_table.hpp"
#include "api/seed/dialect.hpp"
#include "api/seed/fields.hpp"
#include "api/seed/paging.hpp"
#include "api/seed/routes.hpp"
#include "api/seed/urls.hpp"

namespace foliot::api::seed {
namespace {

using service::Services;

constexpr std::size_t kLongestEmail = 254, kLongestWord = 1'024;

Response token_answer(const std::string& secret, int status) {
    return json_answer(json::Writer().begin_object().field("token", secret).end_object().take(), status);
}

std::string id_text(std::int64_t id) { return std::to_string(id); }

void write_user(json::Writer& writer, const Request& request, const Account& account) {
    writer.begin_object().field("url", url_of(request, "user", account.id)).field("username", account.name);
    writer.field("email", account.email.value_or("")).key("groups").begin_array();
    for (const GroupRef& group : account.groups) writer.value(url_of(request, "group", group.id));
    writer.end_array().end_object();
}

void write_group(json::Writer& writer, const Request& request, const Group& group) {
    writer.begin_object().field("url", url_of(request, "group", group.id)).field("name", group.name).end_object();
}

Schema user_schema() {
    return Schema::object({{"url", Schema::text()},
                           {"username", Schema::text()},
                           {"email", Schema::text()},
                           {"groups", Schema::list(Schema::text())}})
        .named("seed-user");
}

Schema group_schema() {
    return Schema::object({{"url", Schema::text()}, {"name", Schema::text()}}).named("seed-group");
}

/// A page of all there are: they are few.
template <class Item, class Write>
Response page(const Request& request, std::vector<Item> items, const Write& write) {
    const auto count = static_cast<std::int64_t>(items.size());
    const auto id = [](const Item& item) { return item.id; };
    return list(
        request, count, page_of(std::move(items), cursor_of(request), id),
        [](const Item& item) { return id_text(item.id); },
        [&](json::Writer& writer, const Item& item) { write(writer, request, item); });
}

/// "token" is no user's id, though it stands where one would.
Response user(Services& services, const Request& request) {
    if (request.parameter("id") == "token") {
        Response response = dialect().method_not_allowed(request.method, request.path);
        response.headers.emplace_back("Allow", "OPTIONS, POST");
        return response;
    }
    json::Writer writer;
    write_user(writer, request, services.directory.user(caller_of(request), id_of(request)));
    return json_answer(writer.take());
}

Response group(Services& services, const Request& request) {
    json::Writer writer;
    write_group(writer, request, services.directory.group(caller_of(request), id_of(request)));
    return json_answer(writer.take());
}

bool is_address(std::string_view email) {
    const auto at = email.find('@');
    const auto dot = email.find('.', at == std::string_view::npos ? 0 : at + 2);
    return at != std::string_view::npos && at > 0 && email.rfind('@') == at && dot != std::string_view::npos &&
           dot + 1 < email.size() && email.find_first_of(" \t\r\n") == std::string_view::npos;
}

Response token_of_email(Services& services, const Request& request) {
    Fields fields(request);
    fields.require("email");
    const auto email = fields.text("email", kLongestEmail);
    if (email && !is_address(*email)) fields.refuse("email", "Enter a valid email address.");
    fields.check();
    return token_answer(services.issued_tokens.for_email(caller_of(request), *email), 201);
}

/// A password is taken as it is.
std::optional<std::string> password_in(Fields& fields) {
    const json::Value* value = fields.find("password");
    if (value == nullptr || !value->is(json::Kind::string) || value->string.empty())
        return fields.text("password", kLongestWord);
    return value->string;
}

Response token_of_password(Services& services, const Request& request) {
    Fields fields(request);
    fields.require("username");
    fields.require("password");
    const auto name = fields.text("username", kLongestWord), password = password_in(fields);
    fields.check();
    const auto secret = services.issued_tokens.for_password({*name, *password}, request.peer, dialect().name());
    if (!secret) throw FieldErrors(kNoField, "Unable to log in with provided credentials.");
    return token_answer(*secret, 200);
}

Schema token_schema() { return Schema::object({{"token", Schema::text(64, 64)}}); }

Operation giving_by_email() {
    const Schema body = Schema::open_object({{"email", Schema::text(1, kLongestEmail)}})
                            .with_example(R"({"email":"bob@example.org"})")
                            .named("seed-email");
    return taking(body, {.answers = {{201, "A new token of the user", token_schema()}}, .body = {}});
}

Operation giving_by_password() {
    const Schema body =
        Schema::open_object({{"username", Schema::text(1)}, {"password", Schema::text(1)}}).named("seed-credentials");
    return taking(body, answering(token_schema(), "A new token of the user",
                                  {Problem::throttled, Problem::unavailable, Problem::forbidden}));
}

}  // namespace

void add_account_routes(Router& router, Services& services) {
    RouteTable table(router, dialect(), std::string(kRoot));
    table.add(
        "GET", "user", Access::viewer, Scope::read,
        [&services](const Request& r) { return page(r, services.directory.users(caller_of(r)), write_user); },
        "Users, as everybody may know them", listing(user_schema(), "A page of 1000"));
    table.add(
        "GET", "user/{id}", Access::viewer, Scope::read, [&services](const Request& r) { return user(services, r); },
        "One user", answering(user_schema(), "The user"));
    table.add(
        "POST", "user/token", Access::admin, Scope::admin,
        [&services](const Request& r) { return token_of_email(services, r); },
        "A token for the user with an address, who is made if there is none", giving_by_email());
    table.add(
        "GET", "group", Access::viewer, Scope::read,
        [&services](const Request& r) { return page(r, services.directory.groups(caller_of(r)), write_group); },
        "Groups, as everybody may know them", listing(group_schema(), "A page of 1000"));
    table.add(
        "GET", "group/{id}", Access::viewer, Scope::read, [&services](const Request& r) { return group(services, r); },
        "One group", answering(group_schema(), "The group"));
    router.add({"POST", "/api/token-auth", Access::anonymous, Scope::read,
                [&services](const Request& r) { return token_of_password(services, r); }, "A token for a password",
                &dialect(), giving_by_password()});
}

}  // namespace foliot::api::seed

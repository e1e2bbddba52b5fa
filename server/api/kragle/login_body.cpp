#include "api/kragle/login_body.hpp"

#include "api/admin/fields.hpp"
#include "base/error.hpp"

namespace foliot::api::kragle {
namespace {

using json::Kind;
using json::Value;
using service::Login;

[[noreturn]] void missing(const std::string& name) {
    throw RequestError(Problem::invalid, "missing required field '" + name + "'", name);
}

/// Nothing when it is not JSON, which is for those to hear who may send it.
std::optional<Value> readable(std::string_view body) {
    try {
        return json::parse(body, admin::kOfStrangers);
    } catch (const json::SyntaxError&) {
        return std::nullopt;
    }
}

}  // namespace

Login login_of(std::string_view object) {
    admin::Fields fields(object, admin::kOfStrangers);
    auto name = fields.text("username"), email = fields.text("email"), password = fields.text("password");
    fields.finish();
    if (name && email) throw invalid_field("email", "is another way to say who it is than 'username'; give one");
    if (!name && !email) missing("username");
    if (!password) missing("password");
    if (email) return {Login::By::email, *std::move(email), *std::move(password)};
    return {Login::By::name, *std::move(name), *std::move(password)};
}

std::optional<LoginInBody> login_in(std::string_view body) {
    const auto whole = readable(body);
    const Value* auth = whole ? whole->find("auth") : nullptr;
    if (auth == nullptr) return std::nullopt;
    for (const auto& [name, value] : whole->members) {
        if (name != "auth" && name != "payload")
            throw RequestError(Problem::invalid, "'" + name + "' is unknown beside 'auth'", "auth");
    }
    if (!auth->is(Kind::object)) admin::refuse_kind("auth", "an object", *auth);
    const Value* payload = whole->find("payload");
    if (payload == nullptr) missing("payload");
    return LoginInBody{login_of(auth->raw), std::string(payload->raw)};
}

Schema login_schema() {
    return Schema::object({{"username", Schema::text(), false},
                           {"email", Schema::text().described("instead of it"), false},
                           {"password", Schema::text()}})
        .named("kragle-login");
}

Schema with_or_without_login(const Schema& payload) {
    return Schema::either({payload, Schema::object({{"auth", login_schema()}, {"payload", payload}})});
}

}  // namespace foliot::api::kragle

#include "api/seed/routes.hpp"

#include "api/http/caller.hpp"
#include "api/seed/dialect.hpp"
#include "api/seed/urls.hpp"
#include "base/json.hpp"

#include <Poco/Version.h>

#include <array>
#include <charconv>

namespace foliot::api::seed {
namespace {

constexpr std::array<const char*, 5> kResources{"user", "group", "schedule", "webhook", "failed-tasks"};

Response links(const Request& request) {
    json::Writer writer;
    writer.begin_object();
    for (const char* resource : kResources) writer.field(resource, url_of(request, resource));
    return json_answer(writer.end_object().take());
}

Operation linking() {
    std::vector<Schema::Property> properties;
    properties.reserve(kResources.size());
    for (const char* resource : kResources) properties.push_back({resource, Schema::text()});
    return answering(Schema::object(properties), "Where the lists are");
}

std::string poco_version() {
    return std::to_string(POCO_VERSION >> 24U) + "." + std::to_string(POCO_VERSION >> 16U & 255U) + "." +
           std::to_string(POCO_VERSION >> 8U & 255U);
}

/// Whoever gets this far was found in the database a moment ago; now it is asked anew.
Response health(service::Services& services, const std::string& version, const Request& request) {
    services.scheduler.state(caller_of(request));
    json::Writer writer;
    writer.begin_object().field("up", true).key("result").begin_object();
    writer.field("database", "Accessible").field("version", version).key("libraries").begin_object();
    writer.field("poco", poco_version()).field("tzdata", trigger::tz_version());
    return json_answer(writer.end_object().end_object().end_object().take());
}

Operation healthy() {
    const Schema result = Schema::object(
        {{"database", Schema::text()}, {"version", Schema::text()}, {"libraries", Schema::free_object()}});
    return answering(Schema::object({{"up", Schema::boolean()}, {"result", result}}), "All is well");
}

}  // namespace

service::Caller caller_of(const Request& request) { return caller_in(request, dialect()); }

std::int64_t id_of(const Request& request) {
    const std::string& text = request.parameter("id");
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size()) throw not_found();
    return id;
}

void add_routes(Router& router, service::Services& services, const Options& options) {
    for (const char* resource : kResources) router.claim_prefix(std::string(kRoot) + resource, dialect());
    for (const char* path : {"/api/health", "/api/metrics", "/api/token-auth"}) router.claim_prefix(path, dialect());
    router.add({"GET", "/api/v1", Access::viewer, Scope::read, links, "The lists of Seed Scheduler's clients",
                &dialect(), linking()});
    router.add({"GET", "/api/health", Access::viewer, Scope::read,
                [&services, version = options.version](const Request& r) { return health(services, version, r); },
                "Whether the server answers and reads its database", &dialect(), healthy()});
    add_account_routes(router, services);
    add_schedule_routes(router, services, options.zone);
}

}  // namespace foliot::api::seed

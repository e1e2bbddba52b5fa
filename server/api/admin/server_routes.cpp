#include "api/admin/server_routes.hpp"

#include "api/admin/dialect.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"

#include <system_error>

namespace foliot::api::admin {
namespace {

/// What the server's user may still write there; nothing: the system does not say.
std::optional<std::int64_t> free_bytes(const std::filesystem::path& folder) {
    std::error_code problem;
    const auto space = std::filesystem::space(folder, problem);
    return problem ? std::nullopt : std::optional(static_cast<std::int64_t>(space.available));
}

Response describe(const ServerFacts& facts, Micros started, const Request& request) {
    const service::Caller caller = caller_of(request);
    require(caller, service::Power::read, "see what this server is");
    json::Writer writer;
    writer.begin_object().field("version", facts.version).field("hostname", facts.hostname);
    writer.field("time", iso_time(facts.now())).field("started_time", iso_time(started));
    writer.field("user", caller.who.name).field("role", name_of(caller.who.role));
    writer.field("scope", name_of(caller.who.scope));
    writer.key("workers").begin_object().field("max", facts.most_workers).end_object();
    writer.field("disk_free", free_bytes(facts.data_dir));
    return json_answer(writer.end_object().take());
}

Schema server_schema() {
    const Schema text = Schema::text(), instant = Schema::instant();
    return Schema::object(
        {{"version", text},
         {"hostname", text},
         {"time", instant.described("as this server has it")},
         {"started_time", instant},
         {"user", text.described("who asks")},
         {"role", Schema::word({"viewer", "operator", "admin"})},
         {"scope", Schema::word({"read", "run", "write", "admin"}).described("of the credentials")},
         {"workers", Schema::object({{"max", Schema::whole(1).described("processes at once (workers.max)")}})},
         {"disk_free", Schema::whole(0).or_null().described("bytes where the data folder is")}});
}

}  // namespace

void add_server_routes(Router& router, const ServerFacts& facts) {
    router.add({"GET", "/api/v1/server", Access::viewer, Scope::read,
                [facts, started = facts.now()](const Request& r) { return describe(facts, started, r); },
                "What this server is, and what one may do there", &dialect(),
                answering(server_schema(), "The server")});
}

}  // namespace foliot::api::admin

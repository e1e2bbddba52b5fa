#include "api/seed/schedule_json.hpp"

#include "api/seed/arguments.hpp"
#include "api/seed/definitions.hpp"
#include "api/seed/urls.hpp"
#include "base/log.hpp"
#include "base/time_text.hpp"
#include "domain/sealed.hpp"

namespace foliot::api::seed {
namespace {

constexpr const char* kNull = "null";

}  // namespace

bool may_read_token(const Principal& who, const std::string& stored, const store::JobRecord& record) {
    if (is_sealed(json::parse(stored))) return service::Vault::may_read(who, stored);
    return who.role == Role::admin || (record.created_by != 0 && record.created_by == who.account);
}

std::string utc_time(Micros at) {
    const std::string text = iso_time(at);
    return text.substr(0, text.size() - 6) + "Z";
}

std::optional<std::string> ScheduleWriter::user_url(std::int64_t account) const {
    if (account <= 0) return std::nullopt;
    return url_of(request_, "user", account);
}

/// JSON; null for those who may not see it.
std::string ScheduleWriter::token(const std::string& stored, const store::JobRecord& record) const {
    if (!may_read_token(request_.principal, stored, record)) return kNull;
    try {
        return is_sealed(json::parse(stored)) ? vault_.open(stored) : stored;
    } catch (const std::exception& error) {  // the rest can be shown
        log::warning("auth-token-sealed",
                     "the auth_token of job " + record.job.state.id + " cannot be shown: " + error.what());
        return kNull;
    }
}

void ScheduleWriter::write(json::Writer& writer, const store::JobRecord& record, const std::string& uid) const {
    const auto& [state, definition] = record.job;
    const auto definitions = trigger::seed_definitions(definition.trigger);
    const Arguments arguments(definition);
    writer.begin_object().field("url", url_of(request_, "schedule", uid)).field("id", uid);
    writer.field("frequency", definition.max_runs);
    writer.field("cron_definition", definitions.cron).field("interval_definition", definitions.interval);
    writer.raw_field("endpoint", arguments.get("endpoint").value_or(kNull));
    writer.raw_field("payload", arguments.get("payload").value_or(kNull));
    writer.raw_field("auth_token", token(arguments.get("auth_token").value_or(kNull), record));
    writer.field("next_send_at", state.next_fire ? std::optional(utc_time(*state.next_fire)) : std::nullopt);
    writer.field("enabled", state.status != JobStatus::paused);
    writer.field("created_at", utc_time(IdGenerator::time_of(raw(state.key))));
    writer.field("created_by", user_url(record.created_by));
    writer.field("updated_at", utc_time(record.updated)).field("updated_by", user_url(record.updated_by));
    writer.end_object();
}

Schema schedule_schema() {
    const Schema text = Schema::text(), url = text.described("a URL of this server");
    return Schema::object({{"url", url},
                           {"id", text.described("a UUID")},
                           {"frequency", Schema::whole(1).or_null().described("runs in all")},
                           {"cron_definition", text.or_null()},
                           {"interval_definition", text.or_null()},
                           {"endpoint", Schema::any()},
                           {"payload", Schema::any()},
                           {"auth_token", Schema::any().described("null for those who may not read it")},
                           {"next_send_at", Schema::instant().or_null()},
                           {"enabled", Schema::boolean()},
                           {"created_at", Schema::instant()},
                           {"created_by", url.or_null()},
                           {"updated_at", Schema::instant()},
                           {"updated_by", url.or_null()}})
        .named("seed-schedule");
}

}  // namespace foliot::api::seed

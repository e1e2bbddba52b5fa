#include "api/seed/schedule_body.hpp"

#include "api/seed/arguments.hpp"
#include "api/seed/fields.hpp"
#include "api/seed/schedule_json.hpp"
#include "service/http_url.hpp"

namespace foliot::api::seed {
namespace {

constexpr std::size_t kLongestEndpoint = 500, kLongestDefinition = 500, kLongestToken = 500;
constexpr std::int64_t kMostRuns = 2'147'483'647;
/// Each fire is delivered for itself, also while others are tried again.
constexpr int kAtOnce = 10, kMostQueued = 100;

bool is_endpoint(const std::string& text) {
    try {
        service::check_http_url("endpoint", text);
        return true;
    } catch (const RequestError&) {
        return false;
    }
}

std::optional<std::string> endpoint_in(Fields& fields, Given given) {
    if (given == Given::whole) fields.require("endpoint");
    const auto text = fields.text("endpoint", kLongestEndpoint);
    if (!text) return std::nullopt;
    if (is_endpoint(*text)) return json::quote(*text);
    fields.refuse("endpoint", "Enter a valid URL: http:// or https:// and a host, without blanks, name and password.");
    return std::nullopt;
}

std::optional<std::optional<std::string>> token_in(Fields& fields) {
    auto token = fields.text_or_null("auth_token", kLongestToken);
    if (!token || !*token) return token;
    if (service::fits_header(**token)) return std::optional(json::quote(**token));
    fields.refuse("auth_token", "It has a character that no header may have.");
    return std::nullopt;
}

using Definition = std::optional<std::optional<std::string>>;

/// "" is none. `check(text)` throws when it is not right.
template <class Check>
Definition definition_in(Fields& fields, const char* name, const Check& check) {
    Definition given = fields.text_or_null(name, kLongestDefinition);
    if (!given || !*given) return given;
    if ((*given)->empty()) return std::optional<std::string>();
    try {
        check(**given);
    } catch (const RequestError& error) {
        fields.refuse(name, error.what());
    }
    return given;
}

/// The document writes it with one letter less.
Definition interval_in(Fields& fields) {
    const bool as_documented = fields.has("inteval_definition") && !fields.has("interval_definition");
    return definition_in(fields, as_documented ? "inteval_definition" : "interval_definition",
                         [](const std::string& text) { trigger::seed_length(text); });
}

/// What a browser's form does not send is not ticked.
std::optional<bool> enabled_in(Fields& fields, Given given) {
    const bool unticked = fields.is_form() && given == Given::whole && !fields.has("enabled");
    return unticked ? false : fields.flag("enabled");
}

/// `leaves_token`: null does not take it away.
void put(const ScheduleBody& body, Arguments& arguments, bool leaves_token) {
    if (body.endpoint) arguments.set("endpoint", *body.endpoint);
    if (body.payload) arguments.set("payload", *body.payload);
    if (!body.auth_token) return;
    if (*body.auth_token) {
        arguments.set("auth_token", **body.auth_token);
    } else if (!leaves_token) {
        arguments.remove("auth_token");
    }
}

service::JobEdit timing_of(const ScheduleBody& body, const trigger::ZonePtr& zone) {
    service::JobEdit edit;
    edit.max_runs = body.frequency;
    edit.paused = body.enabled ? std::optional(!*body.enabled) : std::nullopt;
    if (!body.definitions.empty()) edit.trigger = trigger_edit(body.definitions, zone);
    return edit;
}

}  // namespace

ScheduleBody schedule_body(const Request& request, Given given) {
    Fields fields(request);
    ScheduleBody body;
    body.frequency = fields.whole_or_null("frequency", 1, kMostRuns);
    body.definitions.cron = definition_in(fields, "cron_definition",
                                          [](const std::string& text) { trigger::make_seed_cron(text, {}, {}); });
    body.definitions.interval = interval_in(fields);
    body.endpoint = endpoint_in(fields, given);
    body.payload = fields.json_text("payload");
    body.auth_token = token_in(fields);
    body.enabled = enabled_in(fields, given);
    fields.check();
    return body;
}

service::JobEdit edit_of(const ScheduleBody& body, const store::JobRecord& present, const Principal& who,
                         const trigger::ZonePtr& zone) {
    service::JobEdit edit = timing_of(body, zone);
    if (body.endpoint || body.payload || body.auth_token) {
        Arguments arguments = Arguments::to_edit(present.job.definition);
        const auto token = Arguments(present.job.definition).get("auth_token");
        put(body, arguments, token && !may_read_token(who, *token, present));
        arguments.put_into(edit);
    }
    return edit;
}

service::JobEdit new_schedule(const ScheduleBody& body, const trigger::ZonePtr& zone) {
    service::JobEdit edit = timing_of(body, zone);
    if (body.definitions.empty()) edit.trigger = trigger_edit({}, zone);
    edit.func = kPost;
    Arguments arguments;
    arguments.set("endpoint", "null");
    arguments.set("payload", "{}");
    put(body, arguments, false);
    arguments.put_into(edit);
    edit.max_instances = kAtOnce;
    edit.overlap = Overlap::queue;
    edit.max_queued = kMostQueued;
    return edit;
}

Schema schedule_body_schema(Given given) {
    const Schema text = Schema::either({Schema::text(), Schema::number()});
    const Schema definition = Schema::either({Schema::text(0, kLongestDefinition), Schema::null()});
    const bool whole = given == Given::whole;
    return Schema::open_object(
               {{"endpoint", Schema::text(1).described("an http or https URL"), whole},
                {"frequency", Schema::either({Schema::number(1, kMostRuns), Schema::text(1), Schema::null()}), false},
                {"cron_definition", definition.described("5 fields, 6 with the year, or 7 with seconds, too"), false},
                {"interval_definition", definition.described("\"5 hours\""), false},
                {"inteval_definition", definition.described("the same"), false},
                {"payload", Schema::any(), false},
                {"auth_token", Schema::either({text, Schema::null()}), false},
                {"enabled", Schema::either({Schema::boolean(), Schema::text(1), Schema::whole(0, 1)}), false}})
        .with_examples(
            {R"({"endpoint":"http://example.org/x","cron_definition":"25 * * * *","frequency":2,"payload":{"a":1},"auth_token":"blah","enabled":true})",
             R"({"endpoint":"https://example.org","interval_definition":"5 hours","enabled":false})",
             R"({"endpoint":"https://example.org","inteval_definition":"1 minutes"})"})
        .named(whole ? "seed-schedule-body" : "seed-schedule-part");
}

}  // namespace foliot::api::seed

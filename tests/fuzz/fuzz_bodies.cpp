// Every decoder of a body over the same text: it is taken, or refused as a request is.
#include "api/apscheduler/job_body.hpp"
#include "base/error.hpp"
#include "require.hpp"
#include "service/job_edit.hpp"
#include "trigger/trigger.hpp"

using namespace foliot;

namespace {

constexpr Micros kNow = 1'800'000'000 * kSecond;

void check_trigger(const service::TriggerEdit& edit) {
    if (!edit) return;
    const trigger::Trigger made = edit(nullptr, kNow);
    const std::string text = trigger::to_json(made);
    REQUIRE(trigger::to_json(trigger::from_json(json::parse(text))) == text);
    const auto next = trigger::next_after(made, kNow);
    REQUIRE(!next || *next > kNow);
    edit(&made, kNow);
}

/// What is stored can be read again, and is what was stored.
void check_definition(const service::JobEdit& edit) {
    Definition definition;
    if (edit.trigger) definition.trigger = edit.trigger(nullptr, kNow);
    service::apply(edit, definition);
    service::check_limits(definition);
    const std::string text = to_json(definition);
    REQUIRE(to_json(definition_from_json(text)) == text);
}

void new_job(const json::Value& body) {
    const service::NewJob job = api::apscheduler::new_job(body);
    if (job.id) service::check_id(*job.id);
    check_trigger(job.fields.trigger);
    check_definition(job.fields);
}

void job_edit(const json::Value& body) {
    const service::JobEdit edit = api::apscheduler::job_edit("id", body);
    check_trigger(edit.trigger);
    check_definition(edit);
}

/// A body decoder more is a line more here.
constexpr void (*kDecoders[])(const json::Value&) = {new_job, job_edit};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(fuzz::text_of(data, size));
    try {
        const json::Value body = api::apscheduler::parse_body(text);
        for (const auto decode : kDecoders) {
            try {
                decode(body);
            } catch (const RequestError& error) {
                REQUIRE(*error.what() != '\0');
            }
        }
    } catch (const RequestError& error) {
        REQUIRE(error.problem() == Problem::malformed);
    }
    return 0;
}

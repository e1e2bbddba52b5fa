// Every decoder of a body over the same text: it is taken, or refused as a request is.
#include "api/admin/account_body.hpp"
#include "api/apscheduler/job_body.hpp"
#include "api/apscheduler/routes.hpp"
#include "api/kragle/login_body.hpp"
#include "api/kragle/schedule_json.hpp"
#include "api/seed/schedule_body.hpp"
#include "base/error.hpp"
#include "require.hpp"
#include "service/job_edit.hpp"
#include "trigger/trigger.hpp"

using namespace foliot;

namespace {

void check_refusal(const RequestError& error) {
    const Problem problem = error.problem();
    // Not found: another jobstore than there is.
    REQUIRE(problem == Problem::malformed || problem == Problem::invalid || problem == Problem::not_found);
    REQUIRE(*error.what() != '\0');
}

constexpr Micros kNow = 1'800'000'000 * kSecond;

/// A body only names a shared schedule; its rule is looked up when the job is stored.
bool is_whole(const trigger::Trigger& made) { return !std::holds_alternative<trigger::Shared>(made); }

void check_trigger(const service::TriggerEdit& edit) {
    if (!edit) return;
    const trigger::Trigger made = edit(nullptr, kNow);
    if (!is_whole(made)) return;
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
    if (!is_whole(definition.trigger)) return;
    const std::string text = to_json(definition);
    REQUIRE(to_json(definition_from_json(text)) == text);
}

void new_job(const std::string& text) {
    const json::Value body = api::apscheduler::parse_body(text);
    const service::NewJob job = api::apscheduler::new_job(body);
    if (job.id) service::check_id(*job.id);
    check_trigger(job.fields.trigger);
    check_definition(job.fields);
}

void job_edit(const std::string& text) {
    const json::Value body = api::apscheduler::parse_body(text);
    const service::JobEdit edit = api::apscheduler::job_edit("id", body);
    check_trigger(edit.trigger);
    check_definition(edit);
}

void shutdown(const std::string& text) { api::apscheduler::wants_to_wait(text); }

void user(const std::string& text) {
    const service::UserEdit edit = api::admin::user_edit(text);
    if (edit.name) REQUIRE(edit.name->empty() || json::valid_text(*edit.name));
}

void own(const std::string& text) { api::admin::own_edit(text); }

void group(const std::string& text) {
    const service::GroupEdit edit = api::admin::group_edit(text);
    REQUIRE(!edit.role || (*edit.role >= Role::viewer && *edit.role <= Role::admin));
}

void token(const std::string& text) {
    const service::TokenWish wish = api::admin::token_wish(text);
    REQUIRE(wish.scope >= Scope::read && wish.scope <= Scope::admin);
}

void login(const std::string& text) { REQUIRE(api::kragle::login_of(text).password.size() <= text.size()); }

void login_in(const std::string& text) {
    const auto found = api::kragle::login_in(text);
    REQUIRE(!found || text.find(found->rest) != std::string::npos);
}

void schedule(const std::string& text) {
    const auto body = api::kragle::schedule_body(text, api::kragle::Which::by_path, nullptr);
    if (body.edit.rule) trigger::next_after(trigger::own(body.edit.rule(nullptr, kNow)), kNow);
}

void seed_schedule(const std::string& text) {
    for (const char* type : {"application/json", "application/x-www-form-urlencoded"}) {
        const api::Request request{
            .method = "POST", .path = "/", .query = {}, .headers = {{"content-type", type}}, .body = text};
        try {
            const auto edit =
                api::seed::new_schedule(api::seed::schedule_body(request, api::seed::Given::part), nullptr);
            check_trigger(edit.trigger);
            check_definition(edit);
        } catch (const RequestError& error) {
            check_refusal(error);
        }
    }
}

/// A body decoder more is a line more here.
constexpr void (*kDecoders[])(const std::string&) = {new_job, job_edit, shutdown, user,     own,          group,
                                                     token,   login,    login_in, schedule, seed_schedule};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(fuzz::text_of(data, size));
    for (const auto decode : kDecoders) {
        try {
            decode(text);
        } catch (const RequestError& error) {
            check_refusal(error);
        }
    }
    return 0;
}

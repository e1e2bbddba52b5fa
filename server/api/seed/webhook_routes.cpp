#include "api/seed/webhook_routes.hpp"

#include "api/http/route_table.hpp"
#include "api/seed/dialect.hpp"
#include "api/seed/fields.hpp"
#include "api/seed/paging.hpp"
#include "api/seed/routes.hpp"
#include "api/seed/schedule_json.hpp"
#include "api/seed/urls.hpp"
#include "service/hook_events.hpp"
#include "service/http_url.hpp"

namespace foliot::api::seed {
namespace {

using service::Webhook;
using service::Webhooks;

constexpr std::size_t kMostEvent = 64, kMostSecret = 200;

json::Writer& write_members(json::Writer& writer, const Webhook& webhook) {
    const store::Hook& hook = webhook.hook;
    writer.field("id", hook.id)
        .field("created", utc_time(hook.created))
        .field("updated", utc_time(hook.updated))
        .field("event", hook.event)
        .field("target", hook.target)
        .field("user", hook.account > 0 ? std::optional(hook.account) : std::nullopt)
        .field("job", webhook.job);
    return writer;
}

void write(json::Writer& writer, const Webhook& webhook) { write_members(writer.begin_object(), webhook).end_object(); }

std::string json_of(const Webhook& webhook) {
    json::Writer writer;
    write(writer, webhook);
    return writer.take();
}

enum class Which { whole, part };

service::WebhookEdit edit_of(const Request& request, Which which) {
    Fields fields(request);
    if (which == Which::whole) {
        fields.require("event");
        fields.require("target");
    }
    service::WebhookEdit edit;
    edit.event = fields.text("event", kMostEvent);
    edit.target = fields.text("target", service::kMaxUrl);
    edit.secret = fields.text("secret", kMostSecret);
    edit.auth_token = fields.text_or_null("auth_token", service::WebhookEdit::kMostToken);
    fields.check();
    return edit;
}

Response all(Webhooks& webhooks, const Request& request) {
    const auto cursor = cursor_of(request);
    const auto page =
        webhooks.list(caller_of(request),
                      {.limit = kPageSize + 1, .before = number_in(cursor, false), .after = number_in(cursor, true)});
    return list(
        request, page.count, cut(page.items, cursor),
        [](const Webhook& webhook) { return std::to_string(webhook.hook.id); }, write);
}

Response add(Webhooks& webhooks, const Request& request) {
    const auto added = webhooks.add(caller_of(request), edit_of(request, Which::whole));
    json::Writer writer;
    write_members(writer.begin_object(), added.webhook).field("secret", added.secret).end_object();
    return created(url_of(request, "webhook", added.webhook.hook.id), writer.take());
}

Response edit(Webhooks& webhooks, const Request& request, Which which) {
    return json_answer(json_of(webhooks.edit(caller_of(request), id_of(request), edit_of(request, which))));
}

Response remove(Webhooks& webhooks, const Request& request) {
    webhooks.remove(caller_of(request), id_of(request));
    return no_content();
}

Response test(Webhooks& webhooks, const Request& request) {
    const std::string run = webhooks.test(caller_of(request), id_of(request));
    return json_answer(json::Writer().begin_object().field("execution", run).end_object().take(), 201);
}

std::vector<Schema::Property> members() {
    return {{"id", Schema::whole(1)},
            {"created", Schema::instant()},
            {"updated", Schema::instant()},
            {"event", Schema::text(1)},
            {"target", Schema::text(1)},
            {"user", Schema::whole(1).or_null().described("whose it is; null: made while auth.enabled was off")},
            {"job", Schema::text().described("the job that delivers, an execution for each event")}};
}

Schema webhook_schema() { return Schema::object(members()).named("seed-webhook"); }

Schema added_schema() {
    auto with_secret = members();
    with_secret.push_back(
        {"secret", Schema::text().or_null().described("what deliveries are signed with; shown in this answer alone")});
    return Schema::object(with_secret).named("seed-webhook-added");
}

std::string list_of_events() {
    std::string text = "one of";
    for (const std::string_view event : service::hook_events()) text += " " + std::string(event);
    return text;
}

Schema body_schema(Which which) {
    const bool required = which == Which::whole;
    return Schema::open_object(
               {{"event", Schema::text(1, kMostEvent).described(list_of_events()), required},
                {"target", Schema::text(1, service::kMaxUrl).described("http or https URL"), required},
                {"secret",
                 Schema::text(1, kMostSecret)
                     .described("whsec_ and the base64 of 24 to 64 bytes; one is made if none is given"),
                 false},
                {"auth_token",
                 Schema::either({Schema::text(0, service::WebhookEdit::kMostToken), Schema::number(), Schema::null()})
                     .described("sent as \"Authorization: Token ...\""),
                 false}})
        .with_example(
            R"({"event":"execution.failed","target":"http://127.0.0.1:9/hook","secret":"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","auth_token":"letmein"})")
        .named(required ? "seed-webhook-body" : "seed-webhook-change");
}

Operation adding() {
    Operation operation{.answers = {{201, "Added", added_schema()}}, .body = {}, .problems = {Problem::wrong_state}};
    return once_by_key(taking(body_schema(Which::whole), std::move(operation)));
}

Operation editing(Which which) {
    Operation operation = taking(body_schema(which), answering(webhook_schema(), "The webhook"));
    operation.body_required = which == Which::whole;
    return operation;
}

Operation testing() {
    return {.answers = {{201, "Queued", Schema::object({{"execution", Schema::text(1)}})}},
            .body = {},
            .problems = {Problem::wrong_state}};
}

}  // namespace

void add_webhook_routes(Router& router, Webhooks& webhooks) {
    RouteTable table(router, dialect(), "/api/v1/webhook");
    table.add(
        "GET", "", Access::viewer, Scope::read, [&webhooks](const Request& r) { return all(webhooks, r); }, "Webhooks",
        listing(webhook_schema(), "A page of them, the newest first"));
    table.add(
        "POST", "", Access::operator_, Scope::write, [&webhooks](const Request& r) { return add(webhooks, r); },
        "Have an address told of events", adding());
    table.add(
        "GET", "/{id}", Access::viewer, Scope::read,
        [&webhooks](const Request& r) { return json_answer(json_of(webhooks.get(caller_of(r), id_of(r)))); },
        "One webhook", answering(webhook_schema(), "The webhook"));
    for (const auto& [method, which] : {std::pair("PUT", Which::whole), std::pair("PATCH", Which::part)}) {
        table.add(
            method, "/{id}", Access::operator_, Scope::write,
            [&webhooks, which = which](const Request& r) { return edit(webhooks, r, which); }, "Change a webhook",
            editing(which));
    }
    table.add(
        "DELETE", "/{id}", Access::operator_, Scope::write,
        [&webhooks](const Request& r) { return remove(webhooks, r); }, "Delete a webhook, and what it has queued",
        without_answer("Deleted"));
    table.add(
        "POST", "/{id}/test", Access::operator_, Scope::write,
        [&webhooks](const Request& r) { return test(webhooks, r); }, "Send webhook.test", testing());
}

}  // namespace foliot::api::seed

// `foliot status`: how a server does, in a few lines.
#include "base/time_text.hpp"
#include "cli/overview.hpp"
#include "cli/server_commands.hpp"
#include "cli/table.hpp"
#include "cli/times.hpp"

#include <iostream>

namespace foliot::cli {
namespace {

constexpr Micros kDay = 86'400 * kSecond;

struct Facts {
    Readiness ready;
    Document server;
    Count running, waiting, bad, jobs, paused, broken;
    Document modules;
};

Facts ask(const Server& server) {
    Readiness ready = readiness(server);
    Document about = server.get("/api/v1/server");
    const auto now = parse_time(text_at(about.value(), "time"));
    const std::string yesterday = iso_time((now ? now->at : 0) - kDay);
    const auto jobs = [&](const char* query) { return count(server, std::string("/api/v1/jobs") + query, "jobs"); };
    const auto runs = [&](const char* states, const std::string& since) {
        return count(server, executions_path(states, since), "executions");
    };
    return {std::move(ready),       std::move(about),          runs("running,stopping", "0"),
            runs("scheduled", "0"), runs(kBadEnds, yesterday), jobs(""),
            jobs("?state=paused"),  jobs("?state=broken"),     server.get("/api/v1/modules")};
}

std::size_t unusable(const Document& modules) {
    std::size_t number = 0;
    for (const json::Value& module : items_at(modules.value(), "modules")) number += text_at(module, "status") != "ok";
    return number;
}

void show(const Server& server, const Facts& facts, const Times& times) {
    const json::Value& about = facts.server.value();
    const auto now = parse_time(text_at(about, "time")), started = parse_time(text_at(about, "started_time"));
    std::string place = server.url() + ", foliot " + text_at(about, "version") + " on " + text_at(about, "hostname");
    Fields fields;
    fields.add("server", place);
    if (now && started)
        fields.add("up since",
                   times.shown(started->at) + ", " + length_text(std::max<Micros>(now->at - started->at, 0)));
    fields.add("scheduler", facts.ready.words());
    fields.add("runs", facts.running.text() + " running, " + facts.waiting.text() + " waiting; at most " +
                           text_at(about, {"workers", "max"}) + " workers");
    fields.add("last day", facts.bad.text() + " failed or missed");
    fields.add("jobs",
               facts.jobs.text() + ", of these " + facts.paused.text() + " paused, " + facts.broken.text() + " broken");
    const std::size_t all = items_at(facts.modules.value(), "modules").size(), bad = unusable(facts.modules);
    fields.add("modules", std::to_string(all) + (bad == 0 ? "" : ", of these " + std::to_string(bad) + " unusable"));
    fields.add("disk", bytes_text(number_at(about, "disk_free")) + " free");
    fields.add("you",
               text_at(about, "user") + ", role " + text_at(about, "role") + ", scope " + text_at(about, "scope"));
    std::cout << fields.text();
}

void show_json(const Server& server, const Facts& facts) {
    const auto number = [](const Count& count) { return static_cast<std::int64_t>(count.number); };
    json::Writer out;
    out.begin_object().field("url", server.url()).raw_field("ready", facts.ready.text);
    out.raw_field("server", facts.server.text()).key("executions").begin_object();
    out.field("running", number(facts.running)).field("scheduled", number(facts.waiting));
    out.field("bad_in_last_day", number(facts.bad)).end_object().key("jobs").begin_object();
    out.field("all", number(facts.jobs)).field("paused", number(facts.paused)).field("broken", number(facts.broken));
    out.end_object().key("modules").begin_object();
    out.field("all", static_cast<std::int64_t>(items_at(facts.modules.value(), "modules").size()));
    out.field("unusable", static_cast<std::int64_t>(unusable(facts.modules))).end_object().end_object();
    std::cout << out.take() << '\n';
}

int run(const Options& options) {
    const Server server(options);
    const Facts facts = ask(server);
    if (options.has("json"))
        show_json(server, facts);
    else
        show(server, facts, Times(options));
    return kOk;
}

}  // namespace

Command status() {
    return {
        .name = "status",
        .words = {},
        .summary = "how the server does, in a few lines",
        .options = with_server_options({}),
        .details =
            std::string("What looks wrong is explained by foliot doctor. As JSON, numbers stop at 1000.\n\n") + kEnding,
        .run = &run};
}

}  // namespace foliot::cli

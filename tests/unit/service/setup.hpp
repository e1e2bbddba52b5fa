// The services over a real store in a folder of its own; only the functions are made up.
#pragma once

#include "base/error.hpp"
#include "base/json.hpp"
#include "service/services.hpp"
#include "store/store.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include <map>
#include <memory>

namespace foliot::testing {

/// Knows tasks:ok (anything goes), tasks:small (64 MiB of memory), tasks:two (exactly two arguments), tasks:patient
/// (wishes for retries), tasks:call (its `token` is a secret), tasks:dial (the same, but it is none) and shell:run;
/// http:deliver (wishes for retries) and http:post where it has them.
class MadeUpFunctions final : public service::Functions {
  public:
    bool with_http = false;

    std::shared_ptr<const module::Function> find(const FuncRef& func) const override {
        module::Function function{.name = func.function, .pass_through = true};
        const std::string name = func.text();
        if (name == "tasks:two") {
            function.pass_through = false;
            function.params = {{.name = "one", .type = "any"}, {.name = "other", .type = "any"}};
        } else if (name == "tasks:patient") {
            function.retry = {.max_retries = 4, .delay = 7 * kSecond};
            function.timeout = 90 * kSecond;
        } else if (name == "tasks:small") {
            function.limits = {.memory = 64 << 20};
        } else if (name == "tasks:call" || name == "tasks:dial") {
            function.pass_through = false;
            function.params = {{.name = "where", .type = "string"},
                               {.name = "token", .type = "string", .required = false, .secret = name == "tasks:call"}};
        } else if (with_http && name == "http:deliver") {
            function.retry = {.max_retries = 5, .delay = 5 * kSecond};
            function.pass_through = false;
            function.params = {{.name = "url", .type = "string"},
                               {.name = "body", .type = "any", .required = false},
                               {.name = "event", .type = "string", .required = false},
                               {.name = "id", .type = "string", .required = false},
                               {.name = "secret", .type = "string", .required = false, .secret = true},
                               {.name = "auth_token", .type = "string", .required = false, .secret = true}};
        } else if (name != "tasks:ok" && name != "shell:run" && !(with_http && name == "http:post")) {
            throw invalid_field("func", "no such function");
        }
        return std::make_shared<const module::Function>(std::move(function));
    }
};

struct Setup {
    TempDir folder;
    ManualClock clock;
    std::unique_ptr<store::Store> store = store::open_sqlite({folder / "foliot.db"}, clock);
    MadeUpFunctions functions;
    service::Vault vault{folder / "secrets.key", clock};
    service::Jobs jobs{*store, functions, vault, {}};
    service::Schedules schedules{*store, {}, vault};
    service::Executions executions{*store};
    service::Passwords passwords;
    service::TokenUses token_uses{*store, clock};
    service::Credentials credentials{*store, clock, passwords, token_uses};
    service::Users users{*store, passwords, credentials};
    service::Groups groups{*store};
    service::Tokens tokens{*store};
    service::AuditLog audit_log{*store};
    store::Fence fence = store->join({"node", "boot"});

    const Principal root{1, "root", Role::admin, Scope::admin};
    const Principal olga{2, "olga", Role::operator_, Scope::write};
    const Principal vera{3, "vera", Role::viewer, Scope::admin};

    service::Caller as(const Principal& who) const { return {who, "test"}; }

    static FuncRef func(const std::string& name) {
        return {name.substr(0, name.find(':')), name.substr(name.find(':') + 1)};
    }

    static service::TriggerEdit every(Micros length) {
        return [length](const trigger::Trigger*, Micros now) -> trigger::Trigger {
            return trigger::Interval{length, now + length, std::nullopt, 0};
        };
    }
    static service::TriggerEdit at(Micros instant) {
        return [instant](const trigger::Trigger*, Micros) -> trigger::Trigger { return trigger::Date{instant, 0}; };
    }

    static service::NewJob hourly(const std::string& id, const std::string& function = "tasks:ok") {
        service::NewJob job;
        job.id = id;
        job.fields.func = func(function);
        job.fields.trigger = every(3600 * kSecond);
        return job;
    }

    store::TurnOut turn(int places = 0) {
        store::TurnIn in;
        in.room.any = places;
        return store->turn(
            fence, in, [](const DueJob& due, Micros now, Micros awake_since) { return plan(due, now, awake_since); });
    }

    std::vector<store::AuditEntry> audit() { return store->read()->audit({}).items; }
    std::vector<std::string> events() {
        std::vector<std::string> names;
        for (const auto& entry : audit()) names.insert(names.begin(), entry.event);
        return names;
    }
    std::vector<store::RunView> runs() { return store->read()->runs({}).items; }
};

/// Is this request refused with that problem, naming that field?
inline auto refused(Problem problem, const std::string& field = {}) {
    return [problem, field](const RequestError& error) {
        BOOST_TEST_MESSAGE(error.what());
        return error.problem() == problem && (field.empty() || error.field() == field);
    };
}

}  // namespace foliot::testing

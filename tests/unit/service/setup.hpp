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

/// Knows tasks:ok (anything goes), tasks:two (exactly two positional arguments), tasks:patient (wishes for retries) and
/// shell:run; http:deliver (wishes for retries) and http:post where it has them.
class MadeUpFunctions final : public service::Functions {
  public:
    bool with_http = false;

    service::FunctionDefaults check(const FuncRef& func, std::string_view args, std::string_view) const override {
        const std::string name = func.text();
        const bool http = with_http && (name == "http:deliver" || name == "http:post");
        if (name != "tasks:ok" && name != "tasks:two" && name != "tasks:patient" && name != "shell:run" && !http) {
            throw invalid_field("func", "no such function");
        }
        if (name == "tasks:two" && json::parse(args).items.size() != 2) throw invalid_field("args", "two are needed");
        service::FunctionDefaults wishes;
        if (name == "tasks:patient") {
            wishes.retry = {.max_retries = 4, .delay = 7 * kSecond};
            wishes.timeout = 90 * kSecond;
        }
        if (name == "http:deliver") wishes.retry = {.max_retries = 5, .delay = 5 * kSecond};
        return wishes;
    }
};

struct Setup {
    TempDir folder;
    ManualClock clock;
    std::unique_ptr<store::Store> store = store::open_sqlite({folder / "foliot.db"}, clock);
    MadeUpFunctions functions;
    service::Jobs jobs{*store, functions, {}};
    service::Schedules schedules{*store, {}};
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

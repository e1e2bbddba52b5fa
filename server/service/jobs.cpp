#include "service/jobs.hpp"

#include "base/error.hpp"
#include "service/hook_unit.hpp"
#include "service/job_change.hpp"
#include "service/job_unit.hpp"
#include "service/limit_rights.hpp"
#include "service/once.hpp"
#include "service/secret_arguments.hpp"
#include "service/secrets.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

/// A next run that is sent back as it was shown is none set by hand, and the trigger beside it is not meant anew.
JobEdit without_echo(JobEdit edit, const JobState& shown) {
    if (!edit.next_run || edit.next_run->at != shown.next_fire) return edit;
    edit.next_run.reset();
    edit.reschedule = false;
    return edit;
}

/// What the function's author wishes for jobs that do not say.
void take_wishes(const module::Function& function, const JobEdit& edit, Definition& fresh) {
    foliot::apply(function.retry, fresh.retry);
    foliot::apply(edit.retry, fresh.retry);
    if (!edit.timeout) fresh.timeout = function.timeout.value_or(fresh.timeout);
}

}  // namespace

Jobs::Jobs(store::Store& store, const Functions& functions, const Vault& vault, JobOptions options)
    : store_(store), functions_(functions), vault_(vault), options_(std::move(options)), defaults_(options_.defaults) {}

void Jobs::use_defaults(const JobDefaults& defaults) {
    const std::lock_guard lock(defaults_mutex_);
    defaults_ = defaults;
}

Definition Jobs::fresh_definition() const {
    Definition definition;
    const std::lock_guard lock(defaults_mutex_);
    const JobDefaults& defaults = defaults_;
    definition.misfire_grace = defaults.misfire_grace;
    definition.coalesce = defaults.coalesce;
    definition.misfire = defaults.misfire;
    definition.max_instances = defaults.max_instances;
    definition.overlap = defaults.overlap;
    definition.max_queued = defaults.max_queued;
    definition.timeout = defaults.timeout;
    definition.deadline = defaults.deadline;
    definition.retry = defaults.retry;
    definition.priority = defaults.priority;
    definition.isolation = defaults.isolation;
    return definition;
}

void Jobs::require_module(const Caller& caller, const Definition& definition, std::string_view action) const {
    options_.privileged.require(caller, definition.func.module, action);
}

/// As an admin has saved it anybody may run it who may run jobs, as long as anybody is asked who they are.
void Jobs::require_run(const Caller& caller, const Definition& definition, bool other_arguments) const {
    if (other_arguments) return require_module(caller, definition, "run jobs with other arguments");
    if (!options_.privileged.allowed) require_module(caller, definition, "run jobs");
}

/// The arguments to the function, secrets sealed.
void Jobs::fit(const Caller& caller, const JobEdit& edit, const Definition& present, Definition& wished) const {
    const WishedCall call{&present, edit.args.has_value(), edit.kwargs.has_value()};
    seal_arguments(vault_, caller.who, *functions_.find(wished.func), call, wished);
}

store::ManualRun Jobs::fit(const Caller& caller, const Definition& present, const ManualArguments& given) const {
    Definition wished = present;
    wished.args = given.args.value_or(present.args);
    wished.kwargs = given.kwargs.value_or(present.kwargs);
    const WishedCall call{&present, given.args.has_value(), given.kwargs.has_value()};
    seal_arguments(vault_, caller.who, *functions_.find(present.func), call, wished);
    store::ManualRun run;
    if (given.args) run.args = std::move(wished.args);
    if (given.kwargs) run.kwargs = std::move(wished.kwargs);
    return run;
}

AddedJob Jobs::add(const Caller& caller, const NewJob& wish) {
    require(caller, Power::write, "add jobs");
    const JobEdit& fields = wish.fields;
    if (!fields.func) throw RequestError(Problem::invalid, "missing required field 'func'", "func");
    const std::string id = wish.named_by_uid ? "" : wish.id ? *wish.id : random_id();
    if (!wish.named_by_uid) check_id(id);
    Definition wished = fresh_definition();
    wished.name = wish.id ? id : fields.func->function;
    apply(fields, wished);

    AddedJob added;
    write(store_, [&](store::Tx& tx) {
        added.id = once(tx, caller, vault_, [&] {
            Definition definition = wished;
            require_module(caller, definition, "save jobs");
            const auto replaced = wish.replace_existing ? tx.job(id) : std::nullopt;
            const auto function = functions_.find(definition.func);
            seal_arguments(vault_, caller.who, *function, {.present = replaced ? &replaced->definition : nullptr},
                           definition);
            take_wishes(*function, fields, definition);
            require_limits(caller, options_.defaults.limits, functions_, replaced ? &replaced->definition : nullptr,
                           definition);
            return put(tx, caller, wish, id, std::move(definition));
        });
        added.job = tx.job(added.id);
    });
    return added;
}

/// In place of the job of that id, if there is one and the wish is to replace it.
std::string Jobs::put(store::Tx& tx, const Caller& caller, const NewJob& wish, const std::string& given,
                      Definition definition) {
    std::optional<Job> present = tx.job(given);
    if (present && !wish.replace_existing) throw RequestError(Problem::conflict, "Job " + given + " already exists.");
    if (present) refuse_if_it_delivers(tx, present->state, "replaced");
    const bool stays = present && stays_owed(tx, *present, wish.fields, true);
    if (present) {
        require_module(caller, present->definition, "edit jobs");
        if (!stays) settle_before_edit(tx, *present);
        present = tx.job(given);  // settling may have ended it
    }
    std::optional<Arming> arming;
    if (stays) {
        definition.trigger = present->definition.trigger;
    } else {
        arming = rearm(tx, wish.fields, definition, true, present ? &*present : nullptr);
    }
    const bool paused = wish.fields.paused.value_or(wish.fields.next_run && !wish.fields.next_run->at);
    const auto expected = present ? store::ExpectedRev::exact(present->state.rev) : store::ExpectedRev::absent();
    const JobKey key = tx.put_job({given, definition, arming, paused, caller.who.account}, expected);
    std::string id = given.empty() ? uid_of(key) : given;
    if (present && paused) tx.pause(key);
    if (present && !paused && present->state.status != JobStatus::active) tx.resume(key, arming.value());
    const auto after = tx.job(id);
    const Job made = after ? *after : ended(key, id, definition);
    audit(tx, caller, made,
          present ? JobAudit{"modified", "", difference(*present, made)} : JobAudit{"added", "", shown_whole(made)});
    announce(tx, key);
    return id;
}

std::optional<Job> Jobs::edit(const Caller& caller, std::string_view id, const JobEdit& wish, const JobGuard& guard) {
    require(caller, Power::write, "edit jobs");
    std::optional<Job> answer;
    write(store_, [&](store::Tx& tx) {
        const Job found = find_job(tx, id);
        if (guard) guard(found.state);
        refuse_if_it_delivers(tx, found.state, "edited");
        const JobEdit edit = without_echo(wish, found.state);
        require_module(caller, found.definition, "edit jobs");
        answer = change_job(tx, caller, found, edit, [&](Definition& after) {
            require_module(caller, after, "edit jobs");
            if (edit.func || edit.args || edit.kwargs) fit(caller, edit, found.definition, after);
            if (edit.func || edit.limits)
                require_limits(caller, options_.defaults.limits, functions_, &found.definition, after);
        });
    });
    return answer;
}

std::optional<Job> Jobs::pause(const Caller& caller, std::string_view id) {
    require(caller, Power::run, "pause jobs");
    std::optional<Job> answer;
    write(store_, [&](store::Tx& tx) {
        const Job job = find_job(tx, id);
        refuse_pause_by_others(tx, caller, job.state);
        if (job.state.status == JobStatus::active) {
            if (!held_back(tx, job)) settle_before_edit(tx, job);  // else it is booked as skipped when the job goes on
            if (tx.job(id)) tx.pause(job.state.key);
        }
        announce(tx, job.state.key);
        answer = tx.job(id);
        const bool changed = answer && answer->state.status == JobStatus::paused;
        if (changed && job.state.status != JobStatus::paused) audit(tx, caller, job, {"paused", "", ""});
    });
    return answer;
}

std::optional<Job> Jobs::resume(const Caller& caller, std::string_view id) {
    require(caller, Power::run, "resume jobs");
    std::optional<Job> answer;
    write(store_, [&](store::Tx& tx) {
        const Job job = find_job(tx, id);
        refuse_pause_by_others(tx, caller, job.state);
        if (!options_.privileged.allowed) require_module(caller, job.definition, "resume jobs");
        if (job.state.status == JobStatus::broken) tx.resume(job.state.key, arm(job.definition.trigger, tx.now()));
        if (job.state.status == JobStatus::paused) {
            settle(tx, job, Occasion::edit);  // books what it slept through
            go_on(tx, find_job(tx, id));
        }
        if (job.state.status != JobStatus::active) audit(tx, caller, job, {"resumed", "", ""});
        announce(tx, job.state.key);
        answer = tx.job(id);
    });
    return answer;
}

void Jobs::remove(const Caller& caller, std::string_view id, const JobGuard& guard) {
    require(caller, Power::write, "delete jobs");
    write(store_, [&](store::Tx& tx) {
        const Job job = find_job(tx, id);
        if (guard) guard(job.state);
        refuse_if_it_delivers(tx, job.state, "deleted");
        require_module(caller, job.definition, "delete jobs");  // else one is replaced by another in two steps
        settle(tx, job, Occasion::remove);
        tx.remove(job.state.key);
        audit(tx, caller, job, {"deleted", shown_whole(job), ""});
        announce(tx, job.state.key);
    });
}

RunId Jobs::run_once(const Caller& caller, const std::function<RunId(store::Tx&)>& queue) {
    const PublicIds& ids = store_.public_ids();
    std::string id;
    write(store_, [&](store::Tx& tx) { id = once(tx, caller, vault_, [&] { return ids.hex(raw(queue(tx))); }); });
    return RunId{ids.parse(id).value()};
}

RunId Jobs::run_now(const Caller& caller, std::string_view id, const ManualArguments& arguments) {
    require(caller, Power::run, "run jobs");
    const auto queue = [&](store::Tx& tx) {
        const Job job = find_job(tx, id);
        refuse_if_it_delivers(tx, job.state, "run");
        const bool other_arguments = arguments.args || arguments.kwargs;
        require_run(caller, job.definition, other_arguments);
        const RunId run =
            tx.run_now(job.state.key, other_arguments ? fit(caller, job.definition, arguments) : store::ManualRun{});
        audit(tx, caller, job, {"custom_run", "", store_.public_ids().hex(raw(run))});
        tx.after_commit({store::Event::Kind::run_ready, raw(run)});
        return run;
    };
    return run_once(caller, queue);
}

}  // namespace foliot::service

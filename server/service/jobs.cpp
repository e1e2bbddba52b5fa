#include "service/jobs.hpp"

#include "base/error.hpp"
#include "service/hook_unit.hpp"
#include "service/job_change.hpp"
#include "service/job_unit.hpp"
#include "service/once.hpp"
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

/// Books what a paused job slept through; then it goes on behind that, or ends when nothing is left.
void wake_up(store::Tx& tx, const Job& job) {
    settle(tx, job, Occasion::edit);
    const JobState slept = find_job(tx, job.state.id).state;
    const auto next = trigger::next_after(job.definition.trigger, slept.cursor);
    if (next && slept.runs_left != 0) {
        tx.resume(slept.key, {slept.anchor, tx.now(), slept.cursor, next});
    } else {
        settle(tx, job, Occasion::resume);
    }
}

}  // namespace

Jobs::Jobs(store::Store& store, const Functions& functions, JobOptions options)
    : store_(store), functions_(functions), options_(std::move(options)) {}

Definition Jobs::fresh_definition() const {
    Definition definition;
    const JobDefaults& defaults = options_.defaults;
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

void Jobs::check_function(const JobEdit& edit, Definition& definition, bool is_new) const {
    const FunctionDefaults wishes = functions_.check(definition.func, definition.args, definition.kwargs);
    if (!is_new) return;
    foliot::apply(wishes.retry, definition.retry);
    foliot::apply(edit.retry, definition.retry);
    if (!edit.timeout) definition.timeout = wishes.timeout.value_or(definition.timeout);
}

AddedJob Jobs::add(const Caller& caller, const NewJob& wish) {
    require(caller, Power::write, "add jobs");
    const JobEdit& fields = wish.fields;
    if (!fields.func) throw RequestError(Problem::invalid, "missing required field 'func'", "func");
    std::string id = wish.id ? *wish.id : random_id();
    check_id(id);
    Definition wished = fresh_definition();
    wished.name = wish.id ? id : fields.func->function;
    apply(fields, wished);

    AddedJob added;
    write(store_, [&](store::Tx& tx) {
        added.id = once(tx, caller, [&] {
            Definition definition = wished;
            require_module(caller, definition, "save jobs");
            check_function(fields, definition, true);
            put(tx, caller, wish, id, std::move(definition));
            return id;
        });
        added.job = tx.job(added.id);
    });
    return added;
}

/// In place of the job of that id, if there is one and the wish is to replace it.
void Jobs::put(store::Tx& tx, const Caller& caller, const NewJob& wish, const std::string& id, Definition definition) {
    std::optional<Job> present = tx.job(id);
    if (present && !wish.replace_existing) throw RequestError(Problem::conflict, "Job " + id + " already exists.");
    if (present) refuse_if_it_delivers(tx, present->state, "replaced");
    const bool stays = present && stays_owed(tx, *present, wish.fields, true);
    if (present) {
        require_module(caller, present->definition, "edit jobs");
        if (!stays) settle_before_edit(tx, *present);
        present = tx.job(id);  // settling may have ended it
    }
    std::optional<Arming> arming;
    if (stays) {
        definition.trigger = present->definition.trigger;
    } else {
        arming = rearm(tx, wish.fields, definition, true, present ? &*present : nullptr);
    }
    const bool paused = wish.fields.next_run && !wish.fields.next_run->at;
    const auto expected = present ? store::ExpectedRev::exact(present->state.rev) : store::ExpectedRev::absent();
    const JobKey key = tx.put_job({id, definition, arming, paused, caller.who.account}, expected);
    if (present && paused) tx.pause(key);
    if (present && !paused && present->state.status != JobStatus::active) tx.resume(key, arming.value());
    const auto after = tx.job(id);
    const Job made = after ? *after : ended(key, id, definition);
    audit(tx, caller, made,
          present ? JobAudit{"modified", "", difference(*present, made)} : JobAudit{"added", "", shown_whole(made)});
    announce(tx, key);
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
            if (edit.func || edit.args || edit.kwargs) check_function(edit, after, false);
        });
    });
    return answer;
}

std::optional<Job> Jobs::pause(const Caller& caller, std::string_view id) {
    require(caller, Power::run, "pause jobs");
    std::optional<Job> answer;
    write(store_, [&](store::Tx& tx) {
        const Job job = find_job(tx, id);
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
        if (!options_.privileged.allowed) require_module(caller, job.definition, "resume jobs");
        if (job.state.status == JobStatus::broken) tx.resume(job.state.key, arm(job.definition.trigger, tx.now()));
        if (job.state.status == JobStatus::paused) wake_up(tx, job);
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
    write(store_, [&](store::Tx& tx) { id = once(tx, caller, [&] { return ids.hex(raw(queue(tx))); }); });
    return RunId{ids.parse(id).value()};
}

RunId Jobs::run_now(const Caller& caller, std::string_view id, const ManualArguments& arguments) {
    require(caller, Power::run, "run jobs");
    const auto queue = [&](store::Tx& tx) {
        const Job job = find_job(tx, id);
        refuse_if_it_delivers(tx, job.state, "run");
        const bool other_arguments = arguments.args || arguments.kwargs;
        require_run(caller, job.definition, other_arguments);
        if (other_arguments) {
            functions_.check(job.definition.func, arguments.args.value_or(job.definition.args),
                             arguments.kwargs.value_or(job.definition.kwargs));
        }
        const RunId run = tx.run_now(job.state.key, {arguments.args, arguments.kwargs, std::nullopt});
        audit(tx, caller, job, {"custom_run", "", store_.public_ids().hex(raw(run))});
        tx.after_commit({store::Event::Kind::run_ready, raw(run)});
        return run;
    };
    return run_once(caller, queue);
}

}  // namespace foliot::service

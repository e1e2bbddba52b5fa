// The runner: a pool of worker processes and the thread that watches them.
#pragma once

#include "base/clock.hpp"
#include "module/catalogue.hpp"
#include "process/cgroup.hpp"
#include "process/ledger.hpp"
#include "process/privileges.hpp"
#include "runner/live_output.hpp"
#include "runner/mask.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace foliot::runner {

struct Limits {
    int max_workers = 4;         ///< processes at once
    int min_workers = 0;         ///< so many stay, however long they have had nothing to do
    Micros idle = 60 * kSecond;  ///< a worker with nothing to do goes after it
    int kept_workers = 1;        ///< not for modules that hold one, as soon as there is more than one module
    int queue_depth = 16;        ///< runs sent ahead to one worker, only of functions with a recent mean < 2 ms
    int max_runs = 100'000;      ///< of one worker, then it is replaced
    std::uint64_t max_rss = 512UL << 20;   ///< bytes; a bigger worker is replaced after its run
    Micros grace = 5 * kSecond;            ///< CANCEL to TERM; KILL comes at most half a second later
    Micros spawn_limit = 10 * kSecond;     ///< spawn to HELLO
    std::size_t max_output = 256U << 10U;  ///< bytes kept of one run's output, unless its order says: head and tail
    std::size_t max_result = 1U << 20U;
    std::uint64_t max_tasks = 4096;  ///< processes and threads of one worker, with a cgroup; 0: no limit
};

struct RunOrder {
    store::Assigned assigned;
    module::Resolved function;
    std::string execution_id;  ///< public id
    int max_attempts = 1;
    Micros timeout = 0;
    bool fresh = false;
    LimitsInForce limits{};
    Mask mask;  ///< of the secrets among its arguments: hides them in all that comes back
};

/// The process of a run that did not get to its end. `alone`: nothing else had run in it, so nothing else is to blame.
enum class Crash { alone, after_others };

/// What became of runs since the last collect().
struct Collected {
    std::vector<store::Finished> finished;  ///< `next` is not set: policies are the engine's
    std::vector<store::Started> started;
    std::map<RunId, store::Progressed> progressed;  ///< of those that were told of before, the last word of each
    std::vector<store::GivenBack> given_back;
    std::map<RunId, Crash> crashes;  ///< among the finished ones
    store::Room room;
};

struct Options {
    Limits limits;
    std::filesystem::path worker_program;
    std::vector<std::string> environment;     ///< of workers
    std::filesystem::path work_dir;           ///< each worker gets a folder of its own below
    std::optional<process::JobUser> user{};   ///< workers become that user; none: ours
    const process::Cgroup* cgroup = nullptr;  ///< each worker gets a leaf of it; outlives the runner
    /// A module's configuration, a JSON object; asked for each worker, on any thread. Empty: there is none.
    std::function<std::string(const std::string& module)> module_config{};
    /// While the worker program is of another release: a server that follows it comes soon. Else that ends runs.
    bool awaits_restart = true;
    std::function<void()> module_changed;  ///< a file is not what was described: look anew. Any thread; must not block
};

/// What there is at this moment.
struct Census {
    std::size_t runs = 0;  ///< waiting for a worker here, or with one, or ended and not collected
    std::size_t starting = 0, idle = 0, busy = 0, ending = 0;  ///< workers
    // Workers since the start: those that were started, could not be, went as they were told, were killed by us, died.
    std::uint64_t started = 0, not_started = 0, left = 0, killed = 0, died = 0;
};

/// What the engine sees. Thread-safe.
class Runner {
  public:
    virtual ~Runner() = default;
    virtual void submit(std::vector<RunOrder> orders) = 0;
    virtual void stop(RunId run, StopWhy why) = 0;
    virtual Collected collect() = 0;
    /// Workers of these modules end after what they have, so that new ones get the configuration as it is now.
    virtual void replace_workers(const std::set<std::string>& modules) = 0;
    /// Stops taking runs: queued ones are given back, running ones get CANCEL(shutdown) after `wait`, then grace, TERM,
    /// KILL.
    virtual void shut_down(Micros wait) = 0;
    virtual bool idle() const = 0;  ///< no run is with a worker
    virtual Census census() const = 0;
    /// For a watchdog: beats() is another number soon, if what watches the workers turns.
    virtual void nudge() = 0;
    virtual std::uint64_t beats() const = 0;
    /// What the run wrote after `seen`, a part of it if that is much; nothing: it is not here (any more).
    virtual std::optional<OutputPiece> look(RunId run, const OutputPosition& seen) const = 0;
};

/// What a worker (and so a job) finds in its environment: nothing of ours that is secret.
std::vector<std::string> worker_environment();

/// The real one. `notify` is called (any thread, must not block) when collect() has something new.
std::unique_ptr<Runner> start_runner(const Options& options, const Clock& clock, process::Ledger& ledger,
                                     std::function<void()> notify);

}  // namespace foliot::runner

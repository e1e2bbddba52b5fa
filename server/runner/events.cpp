// What workers say: frames, log lines, output.
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "runner/checks.hpp"
#include "runner/supervisor.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace foliot::runner {

namespace {

/// Bytes read of one descriptor in one round: a worker that floods us slows only itself.
constexpr std::size_t kPipeRound = 256UL << 10U;
constexpr std::size_t kLongestNote = 4U << 10U;  // of texts: workers cut them at these
constexpr std::size_t kLongestError = 64U << 10U, kLongestCode = 128, kLongestLeftovers = 1U << 10U;
constexpr std::size_t kLongestLine = process::kMaxLogFrame - (1U << 10U);  // about
constexpr std::size_t kFrameRound = 4UL << 20U;
constexpr std::size_t kCostOfFrames = 4;  ///< log lines are small, and there is more to do for each
/// In bytes, of a frame on the control channel that no order of ours has brought: good workers send few.
constexpr std::size_t kCostOfTalk = 1U << 10U;

/// As far as it is text; job code may have sent it.
std::string clean(std::string_view text, std::size_t most) {
    std::string kept;
    while (!text.empty()) {
        const std::size_t length = utf8::sequence_length(text);
        if (length == 0 || text.front() == '\0' || kept.size() + length > most) break;
        kept.append(text.substr(0, length));
        text.remove_prefix(length);
    }
    return kept;
}

store::Progress progress_in(const process::Progress& said) {
    store::Progress progress{.fraction = {}, .note = clean(said.note, kLongestNote)};
    if (!std::isnan(said.fraction)) progress.fraction = std::clamp(said.fraction, 0.0, 1.0);
    return progress;
}

}  // namespace

void Supervisor::on_readable(Worker& worker, Worker::Channel channel, bool to_end) {
    const bool much = channel == Worker::control_channel || to_end;
    const std::size_t rounds = (much ? kFrameRound : kPipeRound) / buffer_.size();
    const bool& muted = worker.pace_of(channel).muted;
    for (std::size_t i = 0; i < rounds && (to_end || !muted) && read_once(worker, channel); ++i) {}
}

/// True: there may be more.
bool Supervisor::read_once(Worker& worker, Worker::Channel channel) {
    if (worker.fd(channel) < 0) return false;
    const std::ptrdiff_t count = read_some(worker.fd(channel), buffer_);
    if (count < 0) return false;
    if (count == 0) {
        on_end_of_file(worker, channel);
        return false;
    }
    const auto size = static_cast<std::size_t>(count);
    const std::size_t cost = take_bytes(worker, channel, {buffer_.data(), size});
    const std::size_t share = Throttle::share(options_.limits.max_workers);
    Worker::Pace& pace = worker.pace_of(channel);
    if (pace.throttle.took(cost, share, clock_.monotonic())) mute(worker, pace);
    return size == buffer_.size();
}

/// What that costs of the worker's share.
std::size_t Supervisor::take_bytes(Worker& worker, Worker::Channel channel, std::string_view bytes) {
    if (channel == Worker::control_channel || channel == Worker::log_channel) {
        if (!worker.fault.empty()) return bytes.size();  // nothing it says counts any more
        return take_frames(worker, channel, bytes);
    }
    std::vector<OutputCapture::Segment> segments;
    const bool is_out = channel == Worker::out_channel;
    const Arrival arrival = worker.arrivals.next(is_out ? Stream::out : Stream::err, clock_.now());
    (is_out ? worker.out : worker.err).feed(bytes, arrival, segments);
    if (!segments.empty()) on_output(worker, channel, segments);
    return bytes.size();
}

std::size_t Supervisor::take_frames(Worker& worker, Worker::Channel channel, std::string_view bytes) {
    const bool is_log = channel == Worker::log_channel;
    process::FrameReader& reader = is_log ? worker.log_frames : worker.control_frames;
    std::size_t cost = is_log ? bytes.size() * kCostOfFrames : 0;
    try {
        reader.feed(bytes);
        while (const auto frame = reader.next()) {
            if (is_log) {
                on_log(worker, *frame);
            } else if (!on_frame(worker, *frame)) {
                cost += kCostOfTalk + frame->body.size();
            }
        }
    } catch (const process::ProtocolError& e) {
        on_fault(worker, e.what());
    }
    if (!is_log) report_done(worker);
    return cost;
}

void Supervisor::on_end_of_file(Worker& worker, Worker::Channel channel) {
    worker.close(channel);
    if (channel == Worker::control_channel && worker.force == Worker::Force::none) {
        // It is about to die, or the job closed the descriptor and we would never hear of it again.
        worker.force = Worker::Force::term;
        worker.force_due = clock_.monotonic() + kSecond;
    }
    const bool output = channel == Worker::out_channel || channel == Worker::err_channel;
    if (output && worker.served && worker.phase == Worker::Phase::ready) {
        // It is dying, or a run has put something else in the pipe's place, where later runs' output would go.
        worker.lost_output = true;
        worker.retiring = true;
        if (worker.current() != nullptr) recall(worker);
    }
    report_done(worker);  // markers will not come through a closed pipe
}

Run* Supervisor::find(Worker& worker, std::uint64_t ordinal) {
    for (const auto& run : worker.runs) {
        if (run->ordinal == ordinal) return run.get();
    }
    return nullptr;
}

/// True: it moved a run on that the worker was sent. No more of these come than the orders bring.
bool Supervisor::on_frame(Worker& worker, const process::FrameView& frame) {
    using process::FrameType;
    switch (static_cast<FrameType>(frame.type)) {
        case FrameType::hello: on_hello(worker, process::decode<process::Hello>(frame)); break;
        case FrameType::started: return on_started(worker, frame);
        case FrameType::result: return on_result(worker, frame);
        case FrameType::returned: on_returned(worker, process::decode<process::Returned>(frame)); break;
        case FrameType::progress: on_progress(worker, frame); break;
        case FrameType::heartbeat: break;
        default:
            if ((frame.flags & process::kOptional) == 0) {
                throw process::ProtocolError("unknown frame type " + std::to_string(frame.type));
            }
    }
    return false;
}

bool Supervisor::on_started(Worker& worker, const process::FrameView& frame) {
    Run* run = find(worker, frame.run);
    if (run == nullptr || run->started != 0) return false;
    const Micros at = process::decode<process::Started>(frame).at;
    check_time("the start", at, possible_times(*run));
    run->started = at;
    if (run == worker.current()) run->since = std::max(run->since, clock_.monotonic());
    if (worker.slow && run == worker.current()) tell_started(worker, *run);
    return true;
}

void Supervisor::on_progress(Worker& worker, const process::FrameView& frame) {
    Run* run = find(worker, frame.run);
    if (run == nullptr) return;
    run->progress = progress_in(process::decode<process::Progress>(frame));
    run->order.mask.hide(run->progress->note, kLongestNote);
    tell_progress(*run);
}

void Supervisor::on_hello(Worker& worker, const process::Hello& hello) {
    if (worker.phase != Worker::Phase::spawning) throw process::ProtocolError("a second HELLO");
    if (hello.protocol != process::kProtocolVersion) {
        worker.other_release = true;
        throw process::ProtocolError("the worker program speaks protocol " + std::to_string(hello.protocol) +
                                     ", the server " + std::to_string(process::kProtocolVersion));
    }
    worker.phase = Worker::Phase::ready;
    worker.force = Worker::Force::none;
    worker.force_due = 0;
    worker.group.backoff = 0;
    // It may have loaded a file that is newer than what the orders were resolved with.
    const module::Module& module = *worker.group.module;
    const bool is_other = !hello.build_id.empty() && !module.build_id.empty() && hello.build_id != module.build_id;
    if (is_other || !module::Catalogue::unchanged(module)) {
        note_changed(worker.group);
        retire(worker);
    } else if (worker.retiring) {
        retire(worker);
    }
}

/// The worker's clock is the same CLOCK_BOOTTIME with the offset that it was sent.
Span Supervisor::possible_times(const Run& run) const { return {run.sent, clock_.boottime() + run.clock_offset}; }

std::optional<process::LedgerFinding> Supervisor::in_ledger(const Worker& worker, const Run& run) const {
    const store::Assigned& assigned = run.order.assigned;
    return believed(ledger_.find_in(worker.slot, raw(assigned.run), assigned.claim), possible_times(run));
}

bool Supervisor::has_begun(const Worker& worker, const Run& run) const {
    if (run.started > 0) return true;
    const auto found = in_ledger(worker, run);
    return found && found->phase != process::LedgerPhase::none;
}

bool Supervisor::on_result(Worker& worker, const process::FrameView& frame) {
    Run* run = find(worker, frame.run);
    if (run == nullptr) return false;  // over already
    if (run->result) throw process::ProtocolError("a second RESULT for one run");
    process::Result result = process::decode<process::Result>(frame);
    check_result(result, possible_times(*run), options_.limits.max_result);
    run->order.mask.hide_in_json(result.result);
    run->order.mask.hide(result.error_code, kLongestCode);
    run->order.mask.hide(result.error_text, kLongestError);
    result.error_code = clean(result.error_code, kLongestCode);
    result.error_text.resize(std::min(result.error_text.size(), kLongestError));
    on_readable(worker, Worker::log_channel, true);  // its last lines were written before this
    if (!worker.fault.empty()) return true;
    if (!result.leftovers.empty()) tell_leftovers(worker, *run, result);
    settle_run(worker, *run, std::move(result));
    return true;
}

/// In the run's own log, too: its author is to know why each of its runs costs a process.
void Supervisor::tell_leftovers(Worker& worker, Run& run, const process::Result& result) {
    std::string left = clean(result.leftovers, kLongestLeftovers);
    run.order.mask.hide(left, kLongestLeftovers);
    if (left.empty()) left = "what is no text";
    log::warning("worker-replaced", "worker " + std::to_string(worker.child.pid) + " is replaced: execution " +
                                        run.order.execution_id + " of " + function_of(run) + " left behind " + left);
    const Arrival arrival = worker.arrivals.next(Stream::log, clock_.now());
    run.log.add(
        {Stream::log, result.ended, "left behind in its process, which is replaced: " + left, LogLevel::warning, {}},
        arrival.order, max_output(run));
}

namespace {

/// A run begins with what those before it have left of its memory: at least half.
std::uint64_t max_rss(const Limits& limits, const Group& group) {
    constexpr std::uint64_t worker_itself = 16UL << 20U;
    const auto& memory = group.limits.memory;
    return memory ? std::min(limits.max_rss, worker_itself + static_cast<std::uint64_t>(*memory) / 2) : limits.max_rss;
}

}  // namespace

void Supervisor::settle_run(Worker& worker, Run& run, process::Result result) {
    const Micros now = clock_.monotonic();
    const Limits& limits = options_.limits;
    const bool called = result.started > 0;
    const bool gave_up = result.outcome == static_cast<int>(Outcome::cancelled) || run.stop != StopWhy::none;
    const bool left_something = !result.leftovers.empty();
    if (called) {
        worker.group.last_function = run.order.function.function->index;
        worker.group.speeds.saw(worker.group.last_function, result.ended - result.started);
        worker.functions_done.insert(worker.group.last_function);
        ++worker.runs_done;
    }
    if (worker.force == Worker::Force::asked && worker.force_run == run.ordinal) {
        worker.force = Worker::Force::none;
        worker.force_due = 0;
    }
    const bool was_current = worker.current() == &run;
    worker.recall_due = 0;  // what waits may have its turn now
    const bool replace = (called && gave_up) || left_something || result.rss_bytes > max_rss(limits, worker.group) ||
                         result.error_code == kOutOfMemory || worker.group.fresh || worker.group.outdated ||
                         worker.runs_done >= limits.max_runs;
    run.result = std::move(result);
    run.result_at = now;
    if (replace) {
        worker.retiring = true;
        if (worker.current() != nullptr) recall(worker);
    }
    if (Run* next = worker.current(); was_current && next != nullptr) {
        worker.slow = false;
        next->since = now;
        if (next->stop != StopWhy::none) {  // it was asked while it waited
            worker.retiring = true;
            recall(worker);
            worker.force = Worker::Force::asked;
            worker.force_run = next->ordinal;
            worker.force_due = now + limits.grace;
        }
    } else if (next == nullptr) {
        worker.slow = false;
    }
}

void Supervisor::on_returned(Worker& worker, const process::Returned& returned) {
    // One that a run has spoilt gives back what it has without having been asked; it gets no more.
    if (!worker.recalled && !worker.retiring) throw process::ProtocolError("RETURNED without having been asked");
    worker.recalled = false;
    std::vector<const Run*> returned_runs;  // all are looked at before the first is taken: none may get lost in a fault
    for (std::size_t at = 0; at + 8 <= returned.runs.size(); at += 8) {
        std::uint64_t ordinal = 0;
        std::memcpy(&ordinal, returned.runs.data() + at, 8);
        const Run* run = find(worker, ordinal);
        if (run == nullptr || run->result) continue;
        if (has_begun(worker, *run)) throw process::ProtocolError("it returned a run that had begun");
        returned_runs.push_back(run);
    }
    std::vector<std::unique_ptr<Run>> back;
    for (const Run* run : returned_runs) {
        if (auto taken = worker.take(*run)) back.push_back(std::move(taken));
    }
    for (auto run = back.rbegin(); run != back.rend(); ++run) {
        if (const StopWhy why = (*run)->stop; why != StopWhy::none) {
            report(std::move(*run), stopped_before_start(why), nullptr);
        } else if (shutting_down_) {
            give_back(std::move(*run));
        } else {
            worker.group.pending.push_front(std::move(*run));
        }
    }
    if (!worker.has_waiting()) worker.recall_due = 0;
}

void Supervisor::on_log(Worker& worker, const process::FrameView& frame) {
    if (static_cast<process::FrameType>(frame.type) != process::FrameType::log) {
        if ((frame.flags & process::kOptional) != 0) return;
        throw process::ProtocolError("frame type " + std::to_string(frame.type) + " among the log lines");
    }
    Run* run = find(worker, frame.run);
    if (run == nullptr) return;
    process::Log line = process::decode<process::Log>(frame);
    check_time("the time of a log line", line.at, kAnyTime);
    run->order.mask.hide(line.text, kLongestLine);
    run->order.mask.hide_in_json(line.fields);
    const auto level = static_cast<LogLevel>(std::clamp(line.level, 0, 3));
    const Arrival arrival = worker.arrivals.next(Stream::log, clock_.now());
    run->log.add({Stream::log, line.at, std::move(line.text), level, std::move(line.fields)}, arrival.order,
                 max_output(*run));
}

void Supervisor::on_output(Worker& worker, Worker::Channel channel, std::vector<OutputCapture::Segment>& segments) {
    for (OutputCapture::Segment& segment : segments) {
        Run* run = find(worker, segment.run);
        if (run == nullptr) continue;
        auto& into = channel == Worker::out_channel ? run->out : run->err;
        if (!into) into = std::move(segment.text);
    }
    report_done(worker);
}

void Supervisor::on_fault(Worker& worker, std::string what) {
    log::warning("worker-killed", "worker " + std::to_string(worker.child.pid) + " of module " +
                                      worker.group.module->name + " is killed: " + what);
    if (worker.fault.empty()) worker.fault = std::move(what);
    worker.retiring = true;
    kill(worker);
}

}  // namespace foliot::runner

// What runs wrote so far, for those who look on. It is read from where it is kept anyway: a run that nobody looks at
// costs nothing more.
#include "base/utf8.hpp"
#include "runner/supervisor.hpp"

#include <algorithm>

namespace foliot::runner {

namespace {

constexpr std::size_t kMost = 64UL << 10U;  // at once, so that nobody waits for us

/// What may be the beginning of a character is left for later.
void leave_open_end(KeptText& text) {
    std::string_view& end = text.tail.empty() ? text.head : text.tail;
    end.remove_suffix(utf8::open_end(end));
}

}  // namespace

std::optional<OutputPiece> Supervisor::look(RunId id, const OutputPosition& seen) const {
    for (const auto& worker : workers_) {
        for (const auto& run : worker->runs) {
            if (run->order.assigned.run == id) return look(*worker, *run, seen);
        }
    }
    for (const auto& [key, group] : groups_) {
        const bool waits = std::any_of(group->pending.begin(), group->pending.end(),
                                       [&](const auto& run) { return run->order.assigned.run == id; });
        if (waits) return OutputPiece{.end = seen};
    }
    return std::nullopt;
}

/// Whose is what comes after the last marker: the first that has begun and whose own marker did not come.
const Run* Supervisor::writer_to(const Worker& worker, Worker::Channel channel) const {
    for (const auto& run : worker.runs) {
        if (channel == Worker::out_channel ? run->out.has_value() : run->err.has_value()) continue;
        if (has_begun(worker, *run)) return run.get();
    }
    return nullptr;
}

/// Where secrets are hidden and their beginnings left for later, `hidden` is what is shown.
KeptText Supervisor::text_of(const Worker& worker, const Run& run, Worker::Channel channel, HiddenText& hidden) const {
    const bool is_out = channel == Worker::out_channel;
    const auto& whole = is_out ? run.out : run.err;
    KeptText kept;
    if (whole) {
        kept = whole->view();
    } else if (writer_to(worker, channel) == &run) {
        kept = (is_out ? worker.out : worker.err).view();
        leave_open_end(kept);
    }
    if (!run.order.mask.empty()) {
        hidden = run.order.mask.hidden(kept, Mask::End::open);
        kept = hidden.view(kept.parts);
    }
    return kept;
}

OutputPiece Supervisor::look(const Worker& worker, const Run& run, const OutputPosition& seen) const {
    OutputPiece piece{.end = seen};
    HiddenText hidden_out, hidden_err;
    const KeptText out = text_of(worker, run, Worker::out_channel, hidden_out);
    const KeptText err = text_of(worker, run, Worker::err_channel, hidden_err);
    piece.more = !put_in_order(out, err, run.log, kMost, piece.end, piece.chunks);
    return piece;
}

}  // namespace foliot::runner

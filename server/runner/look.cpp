// What runs wrote so far, for those who look on. It is read from where it is kept anyway: a run that nobody looks at
// costs nothing more.
#include "runner/supervisor.hpp"

#include <algorithm>

namespace foliot::runner {

namespace {

constexpr std::size_t kMost = 64UL << 10U;  // of each kind at once, so that nobody waits for us

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

OutputPiece Supervisor::look(const Worker& worker, const Run& run, const OutputPosition& seen) const {
    OutputPiece piece{.end = seen};
    piece.end.text_head = worker.out.head_size();
    const auto text_of = [&](Worker::Channel channel, std::uint64_t& from) {
        const bool is_out = channel == Worker::out_channel;
        const auto& whole = is_out ? run.out : run.err;
        KeptText kept;
        if (whole) {
            kept = KeptText::of(whole->text, piece.end.text_head);
        } else if (writer_to(worker, channel) == &run) {
            kept = (is_out ? worker.out : worker.err).view();
        }
        HiddenText hidden;
        if (!run.order.mask.empty()) {
            hidden = run.order.mask.hidden(kept, Mask::End::open);
            kept = hidden.view();
        }
        std::string text = kept.after(from, kMost);
        piece.more = piece.more || from < kept.head.size() + kept.dropped + kept.tail.size();
        return text;
    };
    piece.out = text_of(Worker::out_channel, piece.end.out);
    piece.err = text_of(Worker::err_channel, piece.end.err);
    if (!run.log.after(piece.end, kMost, piece.log)) piece.more = true;
    return piece;
}

}  // namespace foliot::runner

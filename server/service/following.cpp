// A run's output as it comes. While a worker has the run, the runner tells; else the store knows how it stands.
#include "service/executions.hpp"
#include "service/unit.hpp"

#include <algorithm>

namespace foliot::service {
namespace {

constexpr std::size_t kLongestLine = 16U << 10U;  // that is waited for

/// Leaves the line that is not whole for the next time, unless something else was written after it.
void leave_open_line(runner::OutputPiece& piece) {
    if (piece.chunks.empty() || piece.chunks.back().stream == Stream::log) return;
    const Stream stream = piece.chunks.back().stream;
    std::size_t open = 0;
    for (auto chunk = piece.chunks.rbegin(); chunk != piece.chunks.rend(); ++chunk) {
        if (chunk->stream != stream || chunk->left_out > 0) break;
        const std::size_t newline = chunk->data.rfind('\n');
        open += chunk->data.size() - (newline == std::string::npos ? 0 : newline + 1);
        if (newline != std::string::npos) break;
    }
    if (open > kLongestLine) return;
    (stream == Stream::out ? piece.end.out : piece.end.err) -= open;
    while (open > 0) {
        std::string& data = piece.chunks.back().data;
        const std::size_t taken = std::min(open, data.size());
        data.resize(data.size() - taken);
        if (data.empty()) piece.chunks.pop_back();
        open -= taken;
    }
}

}  // namespace

void Following::take(runner::OutputPiece piece, std::vector<OutputChunk>& chunks) {
    leave_open_line(piece);
    for (OutputChunk& chunk : piece.chunks) chunks.push_back(std::move(chunk));
    seen_ = piece.end;
}

Following::Then Following::next(std::vector<OutputChunk>& chunks) {
    if (look_on_) {
        if (auto piece = look_on_(run_, seen_)) {
            const auto before = seen_;
            const bool more = piece->more;
            take(*std::move(piece), chunks);
            return more && !(seen_ == before) ? Then::look_again : Then::look_later;
        }
    }
    Then then = Then::ended;
    read(store_, [&](store::Snapshot& snapshot) {
        const auto run = snapshot.run(run_);
        if (!run) return;  // pruned meanwhile
        if (is_live(run->state)) {
            then = Then::look_later;
            return;
        }
        for (OutputChunk& chunk : runner::output_after(snapshot.output(run_), seen_))
            chunks.push_back(std::move(chunk));
    });
    return then;
}

}  // namespace foliot::service

// A run's output as it comes. While a worker has the run, the runner tells; else the store knows how it stands.
#include "service/executions.hpp"
#include "service/unit.hpp"

namespace foliot::service {
namespace {

constexpr std::size_t kLongestLine = 16U << 10U;  // that is waited for

/// Leaves the line that is not whole for the next time.
void cut_at_line(std::string& text, std::uint64_t& end) {
    const std::size_t newline = text.rfind('\n');
    const std::size_t whole = newline == std::string::npos ? 0 : newline + 1;
    if (text.size() - whole > kLongestLine) return;
    end -= text.size() - whole;
    text.resize(whole);
}

}  // namespace

void Following::take(runner::OutputPiece piece, std::vector<OutputChunk>& chunks) {
    cut_at_line(piece.out, piece.end.out);
    cut_at_line(piece.err, piece.end.err);
    if (!piece.out.empty()) chunks.push_back({Stream::out, 0, std::move(piece.out)});
    if (!piece.err.empty()) chunks.push_back({Stream::err, 0, std::move(piece.err)});
    for (OutputChunk& line : piece.log) chunks.push_back(std::move(line));
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

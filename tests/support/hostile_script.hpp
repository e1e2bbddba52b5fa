// What a hostile worker does, move by move: written by tests and by a fuzzer, played by hostile_worker.cpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::testing::hostile {

inline constexpr const char* kVariable = "FOLIOT_HOSTILE_SCRIPT";  ///< in hex, in the environment

enum class Step : std::uint8_t {
    hello,       ///< which 0: right; else of protocol version `which`
    take_start,  ///< waits for the next START
    started,     ///< STARTED for a run, now or (Detail) at the time in `bytes`
    result,      ///< RESULT for a run, its outcome in the upper half of `which`; bytes: JSON, (Detail) after two times
    progress,    ///< note: bytes
    log,         ///< on the channel for log lines; text: bytes
    heartbeat,
    returned,  ///< RETURNED with a run, then (Detail) with the one before the last, then with the numbers in `bytes`
    await_recall,
    marker,  ///< into both outputs
    ledger,  ///< phase: upper half of `which`, of the last START's run; outcome: first of `bytes`
    frame,   ///< of type and flags bytes[0], bytes[1], for a run, with the rest as its body
    control_bytes,
    log_bytes,
    out_bytes,
    err_bytes,
    slowly,  ///< control_bytes one by one
    repeat,  ///< the next move so often: 16 * which
    pass,    ///< a descriptor into each of its own, as SCM_RIGHTS; then ends, its status: into how many it went
    trace,   ///< has a child of its own, in a session of its own, trace it (ptrace)
    close,   ///< descriptor which % 6
    raise,   ///< signal which % 32
    exit,    ///< status: which
    steps
};

/// Which run is meant: the lower three bits of `which`.
enum Whose : std::uint8_t { last = 0, first = 1, next = 2, none = 3, far = 4, highest = 5 };
inline constexpr std::uint8_t kDetail = 8;  ///< bit of `which`: the first of `bytes` are numbers

struct Move {
    Step step = Step::exit;
    std::uint8_t which = 0;
    std::string bytes{};
};

inline std::string encoded(const Move& move) {
    const auto size = static_cast<std::uint16_t>(move.bytes.size());
    std::string out{static_cast<char>(move.step), static_cast<char>(move.which), static_cast<char>(size & 0xFFU),
                    static_cast<char>(size >> 8U)};
    return out + move.bytes;
}

/// Takes the next move off the script, whatever it holds. Nothing: its end.
inline std::optional<Move> next_move(std::string_view& script) {
    constexpr std::size_t head = 4;
    if (script.size() < head) return std::nullopt;
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(script[at]); };
    Move move;
    move.step = static_cast<Step>(byte(0) % static_cast<unsigned>(Step::steps));
    move.which = byte(1);
    const std::size_t size = std::min<std::size_t>(byte(2) + 256U * byte(3), script.size() - head);
    move.bytes = script.substr(head, size);
    script.remove_prefix(head + size);
    return move;
}

}  // namespace foliot::testing::hostile

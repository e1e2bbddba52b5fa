// What a run has written so far, looked at from outside while its worker writes on.
#pragma once

#include "domain/execution.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::runner {

/// How much of a run's output was seen. It counts what the run wrote, not what is kept of that.
struct OutputPosition {
    std::uint64_t out = 0, err = 0;  ///< bytes
    std::uint64_t lines = 0;         ///< of its log
    /// Where the first part of what is kept ends, and a line may follow that tells what was left out: of each text, and
    /// of the log once that part is full.
    std::uint64_t text_head = 0;
    std::optional<std::uint64_t> log_head{};
    bool operator==(const OutputPosition&) const = default;
};

/// What came after a position, and where that ends.
struct OutputPiece {
    std::string out{}, err{};
    std::vector<OutputChunk> log{};
    OutputPosition end{};
    bool more = false;  ///< it was enough for once
};

/// What was stored of a run that ended, after a position that looking at it gave while it ran.
std::vector<OutputChunk> output_after(const std::vector<OutputChunk>& stored, const OutputPosition& seen);

/// A text of which only head and tail are kept.
struct KeptText {
    std::string_view head;
    std::uint64_t dropped = 0;
    std::string_view tail;

    /// As it is stored: with a line that tells of what is missing.
    static KeptText of(std::string_view stored, std::uint64_t head_size);
    /// At most `most` bytes of what is kept from `from` on, which moves to their end.
    std::string after(std::uint64_t& from, std::size_t most) const;
};

std::string bytes_left_out(std::uint64_t count);
std::string lines_left_out(std::uint64_t count);

}  // namespace foliot::runner

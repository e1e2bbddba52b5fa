// What a run has written so far, looked at from outside while its worker writes on, and in the end.
#pragma once

#include "domain/output.hpp"
#include "runner/log_capture.hpp"

#include <cstdint>
#include <vector>

namespace foliot::runner {

/// How much of a run's output was seen. It counts what the run wrote, not what is kept of that, so it means the same
/// while the run goes on and in what is stored of it.
struct OutputPosition {
    std::uint64_t out = 0, err = 0;  ///< bytes
    std::uint64_t lines = 0;         ///< of its log
    bool operator==(const OutputPosition&) const = default;
};

/// What came after a position, and where that ends.
struct OutputPiece {
    std::vector<OutputChunk> chunks{};  ///< in order of arrival
    OutputPosition end{};
    bool more = false;  ///< it was enough for once
};

/// Adds what is kept after `seen` to `chunks`, in order of arrival, and moves `seen` to its end. Stops at about `most`
/// bytes, between characters (UTF-8). False: there is more.
bool put_in_order(const KeptText& out, const KeptText& err, const LogCapture& log, std::size_t most,
                  OutputPosition& seen, std::vector<OutputChunk>& chunks);

/// What was stored of a run that ended, after a position that looking at it gave while it ran.
std::vector<OutputChunk> output_after(std::vector<OutputChunk> stored, const OutputPosition& seen);

}  // namespace foliot::runner

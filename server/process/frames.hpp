// The frames between server and worker. Little-endian:
//   u32 length | u8 type | u8 flags | u16 reserved | u64 run | body           (length counts what follows the length
//   field)
// Body: the type's fixed binary fields, then its texts, each u32 size + bytes. JSON passes through as text.
// `run` is unique in the server's life: the ordinal of a START; 0 where no run is meant. Pure functions over bytes.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace foliot::process {

inline constexpr std::uint32_t kProtocolVersion = 4;
inline constexpr std::size_t kMaxResult = 1U << 20U;  ///< bytes of a result text
inline constexpr std::size_t kMaxControlFrame = 2U
                                                << 20U;  ///< room for such a result and an error text, or for arguments
inline constexpr std::size_t kMaxLogFrame = 64U << 10U;

enum class FrameType : std::uint8_t {
    hello = 1,
    start,
    started,
    progress,
    heartbeat,
    cancel,
    result,
    log,
    config,
    recall,
    returned,
    quit,
    describe,
};
inline constexpr std::uint8_t kOptional = 1;  ///< flag: a reader that does not know the type skips the frame

/// The other side broke the protocol; the text says how.
struct ProtocolError : std::runtime_error {
    using runtime_error::runtime_error;
};

struct FrameView {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::uint64_t run = 0;
    std::string_view body;
};

/// Collects bytes, hands out whole frames. Throws ProtocolError for a length beyond `max`.
class FrameReader {
  public:
    explicit FrameReader(std::size_t max) : max_(max) {}
    void feed(std::string_view bytes);
    /// The next frame; its view lives until the next call of feed() or next().
    std::optional<FrameView> next();

  private:
    std::size_t max_;
    std::string buffer_;
    std::size_t taken_ = 0;
};

struct Hello {
    std::uint32_t protocol = kProtocolVersion;
    std::int32_t pid = 0;
    std::string module_version, build_id;
};
struct Start {
    std::int64_t execution = 0, claim = 0;  ///< what the worker puts into its ledger slot
    std::uint32_t function = 0;             ///< index in the module's descriptor
    std::uint32_t attempt = 1, max_attempts = 1;
    std::uint32_t log_level = 1;  ///< FOLIOT_LOG_*; less is dropped in the worker
    Micros scheduled = 0;         ///< UTC
    Micros timeout = 0;           ///< length, counted from STARTED; 0: none
    Micros grace = 0;             ///< length: CANCEL to TERM
    Micros clock_offset = 0;      ///< the server's UTC less CLOCK_BOOTTIME: what all UTC of this run goes by
    std::string execution_id, job_id, job_name, args, kwargs;
};
struct Started {
    Micros at = 0;
};  ///< UTC
struct Progress {
    double fraction = 0;
    std::string note;
};  ///< NaN: unknown
struct Heartbeat {
    std::uint64_t rss_bytes = 0;
    Micros cpu = 0, silent = 0;
};
struct Cancel {
    std::int32_t why = 0;
    Micros grace = 0;
};  ///< FOLIOT_CANCEL_*
struct Result {
    std::int32_t outcome = 0;  ///< FOLIOT_OK...
    std::int32_t cancelled =
        0;  ///< FOLIOT_CANCEL_*: why it had been asked to end when its code returned; 0: it had not
    Micros delay = 0;
    Micros started = 0, ended = 0;  ///< UTC; 0: never called
    std::uint64_t rss_bytes = 0;    ///< when the run had ended
    Micros cpu = 0;
    std::string result, error_code, error_text;
    std::string leftovers;  ///< what the run left behind in its process, in words; "": nothing
};
struct Log {
    Micros at = 0;
    std::int32_t level = 1;
    std::uint32_t thread = 0;
    std::string text, fields;
};
struct Config {
    std::string json;
};
struct Returned {
    std::string runs;
};  ///< u64 each, little-endian
struct Describe {
    std::string json;
};

/// Whole frames, header included.
std::string encode(const Hello&);
std::string encode(std::uint64_t run, const Start&);
std::string encode(std::uint64_t run, const Started&);
std::string encode(std::uint64_t run, const Progress&);
std::string encode(std::uint64_t run, const Heartbeat&);
std::string encode(std::uint64_t run, const Cancel&);
std::string encode(std::uint64_t run, const Result&);
std::string encode(std::uint64_t run, const Log&);
std::string encode(const Config&);
std::string encode_recall();
std::string encode(const Returned&);
std::string encode_quit();
std::string encode(const Describe&);

/// Decodes a body; throws ProtocolError when it is short, long or of another type than T's.
template <class T>
T decode(const FrameView& frame);

/// In-band marker that a worker writes to both output pipes after each run: nonce (16 bytes) + run (8 bytes).
inline constexpr std::size_t kNonceBytes = 16;
inline constexpr std::size_t kMarkerBytes = kNonceBytes + 8;
std::string marker(std::string_view nonce, std::uint64_t run);

}  // namespace foliot::process

#include "process/frames.hpp"

#include <bit>
#include <cstring>
#include <tuple>
#include <type_traits>

namespace foliot::process {
namespace {

constexpr std::size_t kHeaderBytes = 16;  // with the length field
constexpr std::size_t kLengthBytes = 4;

static_assert(std::endian::native == std::endian::little, "numbers go out as they lie in memory");

template <class T>
void put(std::string& out, T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.append(bytes, sizeof(T));
}

template <class T>
T get(const char* from) {
    T value;
    std::memcpy(&value, from, sizeof(T));
    return value;
}

// A type's frame type, and its fields in the order they go over the wire: numbers first, then texts. One list serves
// both directions.
template <class T>
struct Wire;
template <>
struct Wire<Hello> {
    static constexpr FrameType type = FrameType::hello;
    static auto fields(auto& m) { return std::tie(m.protocol, m.pid, m.module_version, m.build_id); }
};
template <>
struct Wire<Start> {
    static constexpr FrameType type = FrameType::start;
    static auto fields(auto& m) {
        return std::tie(m.execution, m.claim, m.function, m.attempt, m.max_attempts, m.log_level, m.scheduled,
                        m.timeout, m.grace, m.clock_offset, m.execution_id, m.job_id, m.job_name, m.args, m.kwargs);
    }
};
template <>
struct Wire<Started> {
    static constexpr FrameType type = FrameType::started;
    static auto fields(auto& m) { return std::tie(m.at); }
};
template <>
struct Wire<Progress> {
    static constexpr FrameType type = FrameType::progress;
    static auto fields(auto& m) { return std::tie(m.fraction, m.note); }
};
template <>
struct Wire<Heartbeat> {
    static constexpr FrameType type = FrameType::heartbeat;
    static auto fields(auto& m) { return std::tie(m.rss_bytes, m.cpu, m.silent); }
};
template <>
struct Wire<Cancel> {
    static constexpr FrameType type = FrameType::cancel;
    static auto fields(auto& m) { return std::tie(m.why, m.grace); }
};
template <>
struct Wire<Result> {
    static constexpr FrameType type = FrameType::result;
    static auto fields(auto& m) {
        return std::tie(m.outcome, m.cancelled, m.delay, m.started, m.ended, m.rss_bytes, m.cpu, m.result, m.error_code,
                        m.error_text, m.leftovers);
    }
};
template <>
struct Wire<Log> {
    static constexpr FrameType type = FrameType::log;
    static auto fields(auto& m) { return std::tie(m.at, m.level, m.thread, m.text, m.fields); }
};
template <>
struct Wire<Config> {
    static constexpr FrameType type = FrameType::config;
    static auto fields(auto& m) { return std::tie(m.json); }
};
template <>
struct Wire<Returned> {
    static constexpr FrameType type = FrameType::returned;
    static auto fields(auto& m) { return std::tie(m.runs); }
};
template <>
struct Wire<Describe> {
    static constexpr FrameType type = FrameType::describe;
    static auto fields(auto& m) { return std::tie(m.json); }
};

std::string frame(FrameType type, std::uint64_t run, std::uint8_t flags, std::size_t body_size) {
    std::string out;
    out.reserve(kHeaderBytes + body_size);
    put(out, static_cast<std::uint32_t>(kHeaderBytes - kLengthBytes + body_size));
    put(out, static_cast<std::uint8_t>(type));
    put(out, flags);
    put(out, std::uint16_t{0});
    put(out, run);
    return out;
}

struct Writer {
    std::string& out;
    template <class T>
    void operator()(const T& field) const {
        if constexpr (std::is_same_v<T, std::string>) {
            put(out, static_cast<std::uint32_t>(field.size()));
            out += field;
        } else {
            put(out, field);
        }
    }
};

template <class T>
std::size_t wire_size(const T& field) {
    if constexpr (std::is_same_v<T, std::string>) {
        return sizeof(std::uint32_t) + field.size();
    } else {
        return sizeof(T);
    }
}

template <class T>
std::string encode_frame(std::uint64_t run, const T& message, std::uint8_t flags = 0) {
    return std::apply(
        [&](const auto&... field) {
            std::string out = frame(Wire<T>::type, run, flags, (wire_size(field) + ...));
            (Writer{out}(field), ...);
            return out;
        },
        Wire<T>::fields(message));
}

class Reader {
  public:
    explicit Reader(const FrameView& from) : type_(from.type), rest_(from.body) {}

    template <class T>
    void operator()(T& field) {
        if constexpr (std::is_same_v<T, std::string>) {
            std::uint32_t size = 0;
            (*this)(size);
            field = take(size);
        } else {
            field = get<T>(take(sizeof(T)).data());
        }
    }
    void finish() const {
        if (!rest_.empty()) fail(std::to_string(rest_.size()) + " bytes too many");
    }

  private:
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) {
            fail(std::to_string(size) + " bytes wanted, " + std::to_string(rest_.size()) + " left");
        }
        const std::string_view bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return bytes;
    }
    [[noreturn]] void fail(const std::string& what) const {
        throw ProtocolError("body of a frame of type " + std::to_string(type_) + ": " + what);
    }

    std::uint8_t type_;
    std::string_view rest_;
};

}  // namespace

void FrameReader::feed(std::string_view bytes) {
    if (taken_ == buffer_.size()) {
        buffer_.clear();
        taken_ = 0;
    } else if (taken_ > buffer_.size() / 2) {
        buffer_.erase(0, taken_);
        taken_ = 0;
    }
    buffer_ += bytes;
}

std::optional<FrameView> FrameReader::next() {
    const std::string_view rest = std::string_view(buffer_).substr(taken_);
    if (rest.size() < kLengthBytes) return std::nullopt;
    const auto length = get<std::uint32_t>(rest.data());
    if (length < kHeaderBytes - kLengthBytes || length > max_) {
        throw ProtocolError("frame length " + std::to_string(length) + ", wanted " +
                            std::to_string(kHeaderBytes - kLengthBytes) + " to " + std::to_string(max_));
    }
    if (rest.size() < kLengthBytes + length) return std::nullopt;
    FrameView view;
    view.type = get<std::uint8_t>(rest.data() + 4);
    view.flags = get<std::uint8_t>(rest.data() + 5);
    view.run = get<std::uint64_t>(rest.data() + 8);
    view.body = rest.substr(kHeaderBytes, kLengthBytes + length - kHeaderBytes);
    taken_ += kLengthBytes + length;
    return view;
}

template <class T>
T decode(const FrameView& frame) {
    if (frame.type != static_cast<std::uint8_t>(Wire<T>::type)) {
        throw ProtocolError("frame of type " + std::to_string(frame.type) + ", wanted " +
                            std::to_string(static_cast<int>(Wire<T>::type)));
    }
    T message;
    Reader reader(frame);
    std::apply([&](auto&... field) { (reader(field), ...); }, Wire<T>::fields(message));
    reader.finish();
    return message;
}

template Hello decode<Hello>(const FrameView&);
template Start decode<Start>(const FrameView&);
template Started decode<Started>(const FrameView&);
template Progress decode<Progress>(const FrameView&);
template Heartbeat decode<Heartbeat>(const FrameView&);
template Cancel decode<Cancel>(const FrameView&);
template Result decode<Result>(const FrameView&);
template Log decode<Log>(const FrameView&);
template Config decode<Config>(const FrameView&);
template Returned decode<Returned>(const FrameView&);
template Describe decode<Describe>(const FrameView&);

std::string encode(const Hello& m) { return encode_frame(0, m); }
std::string encode(std::uint64_t run, const Start& m) { return encode_frame(run, m); }
std::string encode(std::uint64_t run, const Started& m) { return encode_frame(run, m); }
std::string encode(std::uint64_t run, const Progress& m) { return encode_frame(run, m, kOptional); }
std::string encode(std::uint64_t run, const Heartbeat& m) { return encode_frame(run, m, kOptional); }
std::string encode(std::uint64_t run, const Cancel& m) { return encode_frame(run, m); }
std::string encode(std::uint64_t run, const Result& m) { return encode_frame(run, m); }
std::string encode(std::uint64_t run, const Log& m) { return encode_frame(run, m); }
std::string encode(const Config& m) { return encode_frame(0, m); }
std::string encode(const Returned& m) { return encode_frame(0, m); }
std::string encode(const Describe& m) { return encode_frame(0, m); }
std::string encode_recall() { return frame(FrameType::recall, 0, 0, 0); }
std::string encode_quit() { return frame(FrameType::quit, 0, 0, 0); }

std::string marker(std::string_view nonce, std::uint64_t run) {
    std::string out(nonce);
    put(out, run);
    return out;
}

}  // namespace foliot::process

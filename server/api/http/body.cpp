#include "api/http/body.hpp"

#include <algorithm>
#include <charconv>

namespace foliot::api {

namespace {

constexpr std::size_t kMaxSizeDigits = 8;
const Refusal kLate{408, "the body took too long"};

std::optional<Refusal> read_fixed(Wire& wire, std::size_t length, Micros deadline, std::string& body) {
    switch (wire.read(length, deadline, body)) {
        case Arrival::complete: return std::nullopt;
        case Arrival::late: return kLate;
        default: return Refusal{400, "the body is shorter than its Content-Length"};
    }
}

std::optional<std::size_t> size_of_chunk(std::string_view line) {
    std::size_t size = 0;
    const char* const last = line.data() + line.size();
    const auto [end, error] = std::from_chars(line.data(), last, size, 16);
    if (line.empty() || error != std::errc{} || end != last) return std::nullopt;
    return size;
}

std::optional<Refusal> expect_end_of_line(Wire& wire, Micros deadline) {
    std::string line;
    switch (wire.read_line(0, deadline, line)) {
        case Arrival::complete: return std::nullopt;
        case Arrival::late: return kLate;
        default: return Refusal{400, "a chunk of the body does not end where it says"};
    }
}

std::optional<Refusal> read_chunks(Wire& wire, std::size_t max_body, Micros deadline, std::string& body) {
    std::string line;
    while (true) {
        const Arrival arrival = wire.read_line(kMaxSizeDigits, deadline, line);
        if (arrival == Arrival::late) return kLate;
        if (arrival == Arrival::closed) return Refusal{400, "the body ends before its last chunk"};
        const auto size = arrival == Arrival::complete ? size_of_chunk(line) : std::nullopt;
        if (!size) return Refusal{400, "the size of a chunk of the body is malformed"};
        if (*size > max_body - body.size()) return too_large(max_body);
        if (auto refusal = read_fixed(wire, *size, deadline, body)) return refusal;
        if (auto refusal = expect_end_of_line(wire, deadline)) return refusal;
        if (*size == 0) return std::nullopt;
    }
}

}  // namespace

Refusal too_large(std::size_t max_body) {
    return {413, "the body is larger than " + std::to_string(max_body) + " bytes"};
}

std::optional<Refusal> read_body(Wire& wire, const RequestHead& head, std::size_t max_body, Micros deadline,
                                 std::string& body) {
    if (head.chunked) return read_chunks(wire, max_body, deadline, body);
    return read_fixed(wire, head.content_length, deadline, body);
}

}  // namespace foliot::api

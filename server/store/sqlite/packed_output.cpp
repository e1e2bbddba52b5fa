#include "store/sqlite/packed_output.hpp"

#include <charconv>
#include <stdexcept>

namespace foliot::store::sqlite {
namespace {

[[noreturn]] void fail() { throw std::runtime_error("stored output is damaged: restore a backup"); }

template <class Number>
Number take_number(std::string_view& bytes, char behind) {
    Number number{};
    const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), number);
    const auto length = static_cast<std::size_t>(end - bytes.data());
    if (error != std::errc() || length == bytes.size() || bytes[length] != behind) fail();
    bytes.remove_prefix(length + 1);
    return number;
}

std::string take_bytes(std::string_view& bytes, std::size_t size) {
    if (size > bytes.size()) fail();
    std::string taken(bytes.substr(0, size));
    bytes.remove_prefix(size);
    return taken;
}

template <class Enum>
Enum take_enum(std::string_view& bytes, Enum first, Enum last) {
    const int number = take_number<int>(bytes, ' ');
    if (number < static_cast<int>(first) || number > static_cast<int>(last)) fail();
    return static_cast<Enum>(number);
}

}  // namespace

std::string packed(const std::vector<OutputChunk>& chunks) {
    std::string bytes;
    const auto put = [&](auto number, char behind) { bytes.append(std::to_string(number)).push_back(behind); };
    for (const OutputChunk& chunk : chunks) {
        put(static_cast<int>(chunk.stream), ' ');
        put(chunk.at, ' ');
        put(static_cast<int>(chunk.level), ' ');
        put(chunk.left_out, ' ');
        put(chunk.data.size(), ' ');
        put(chunk.fields.size(), '\n');
        bytes.append(chunk.data).append(chunk.fields);
    }
    return bytes;
}

std::vector<OutputChunk> unpacked(std::string_view bytes) {
    std::vector<OutputChunk> chunks;
    while (!bytes.empty()) {
        OutputChunk& chunk = chunks.emplace_back();
        chunk.stream = take_enum(bytes, Stream::out, Stream::log);
        chunk.at = take_number<Micros>(bytes, ' ');
        chunk.level = take_enum(bytes, LogLevel::debug, LogLevel::error);
        chunk.left_out = take_number<std::uint64_t>(bytes, ' ');
        const auto size = take_number<std::size_t>(bytes, ' ');
        const auto fields_size = take_number<std::size_t>(bytes, '\n');
        chunk.data = take_bytes(bytes, size);
        chunk.fields = take_bytes(bytes, fields_size);
    }
    return chunks;
}

}  // namespace foliot::store::sqlite

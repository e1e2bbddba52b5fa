#include "domain/output.hpp"

namespace foliot {

std::string_view wire_name(Stream stream) {
    switch (stream) {
        case Stream::out: return "stdout";
        case Stream::err: return "stderr";
        case Stream::log: break;
    }
    return "log";
}

std::string_view wire_name(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "DEBUG";
        case LogLevel::info: return "INFO";
        case LogLevel::warning: return "WARNING";
        case LogLevel::error: break;
    }
    return "ERROR";
}

std::string log_line(const OutputChunk& line) {
    std::string text(wire_name(line.level));
    text.append(" ").append(line.data);
    if (!line.fields.empty()) text.append(" ").append(line.fields);
    return text;
}

}  // namespace foliot

#include "base/log.hpp"

#include "base/clock.hpp"
#include "base/time_text.hpp"
#include "base/utf8.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <string>

namespace foliot::log {
namespace {

std::atomic<Level> least{Level::info};
std::atomic<bool> journal_prefix{false};

std::mutex& line_mutex() {
    static std::mutex mutex;  // keeps lines longer than PIPE_BUF in one piece
    return mutex;
}

const char* name_of(Level level) {
    switch (level) {
        case Level::debug: return "DEBUG ";
        case Level::info: return "INFO ";
        case Level::warning: return "WARNING ";
        case Level::error: return "ERROR ";
    }
    return "";
}

const char* priority_of(Level level) {
    switch (level) {
        case Level::debug: return "<7>";
        case Level::info: return "<6>";
        case Level::warning: return "<4>";
        case Level::error: return "<3>";
    }
    return "";
}

std::string time_now() {
    const Civil c = civil_of(SystemClock().now());
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ ", c.year, c.month, c.day, c.hour,
                  c.minute, c.second, c.micros / 1'000);
    return text.data();
}

void append_hex(std::string& line, std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        line.append("\\x") += digits[byte >> 4U];
        line += digits[byte & 15U];
    }
}

/// The two sets of control characters of Unicode: a terminal obeys the second as well.
bool is_control(std::string_view character) {
    const std::uint32_t code = utf8::decode(character);
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

void append_escaped(std::string& line, std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8::sequence_length(text);
        const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(character.size());
        if (character == "\n") {
            line += "\\n";
        } else if (length == 0 || is_control(character)) {
            append_hex(line, character);
        } else {
            line += character;
        }
    }
}

void put(std::string_view line) {
    const std::lock_guard lock(line_mutex());
    while (!line.empty()) {
        const ssize_t n = ::write(STDERR_FILENO, line.data(), line.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return;  // nobody reads the log: the server goes on
        line.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

void configure(const Options& options) {
    least = options.least;
    journal_prefix = options.journal_prefix;
}

bool shows(Level level) { return level >= least; }

void write(Level level, Id id, std::string_view text) {
    if (!shows(level)) return;
    try {
        std::string line = journal_prefix ? std::string(priority_of(level)) : time_now() + name_of(level);
        line.append("[").append(id.text).append("] ");
        append_escaped(line, text);
        line += '\n';
        put(line);
    } catch (...) {  // out of memory: the line is lost, the caller must not be
    }
}

}  // namespace foliot::log

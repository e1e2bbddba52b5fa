// The server's log: one line an event on standard error, with journald's priority prefix (sd-daemon(3)) when asked for.
// A line says what an operator can do, and which of the messages of docs/operating.md it is. Never throws, never blocks
// on anything but the write; thread-safe.
#pragma once

#include <string_view>

namespace foliot::log {

enum class Level { debug, info, warning, error };

struct Options {
    Level least = Level::info;
    bool journal_prefix = false;  ///< "<4>" and no time, for systemd
};
void configure(const Options& options);

/// The name of a message, for those who look for it by a program: it stays when the words change. Small letters and
/// digits with dashes between them.
struct Id {
    std::string_view text;
    consteval Id(const char* literal) : text(literal) {  // NOLINT(google-explicit-constructor)
        bool after_dash = true;
        for (const char c : text) {
            const bool dash = c == '-';
            if (!dash && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) throw "no small letter, digit or dash";
            if (dash && after_dash) throw "a dash without a word before it";
            after_dash = dash;
        }
        if (after_dash) throw "no word at the end";
    }
};

/// Worth asking before a line is put together that mostly nobody wants.
bool shows(Level level);

/// Control characters (line feeds too) in `text` and what is no UTF-8 are escaped: user text cannot forge lines.
void write(Level level, Id id, std::string_view text);

inline void debug(Id id, std::string_view text) { write(Level::debug, id, text); }
inline void info(Id id, std::string_view text) { write(Level::info, id, text); }
inline void warning(Id id, std::string_view text) { write(Level::warning, id, text); }
inline void error(Id id, std::string_view text) { write(Level::error, id, text); }

}  // namespace foliot::log

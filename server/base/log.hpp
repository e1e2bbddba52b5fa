// The server's log: one line an event on standard error, with journald's priority prefix (sd-daemon(3)) when asked for.
// A line says what an operator can do. Never throws, never blocks on anything but the write; thread-safe.
#pragma once

#include <string_view>

namespace foliot::log {

enum class Level { debug, info, warning, error };

struct Options {
    Level least = Level::info;
    bool journal_prefix = false;  ///< "<4>" and no time, for systemd
};
void configure(const Options& options);

/// Worth asking before a line is put together that mostly nobody wants.
bool shows(Level level);

/// Control characters (line feeds too) in `text` and what is no UTF-8 are escaped: user text cannot forge lines.
void write(Level level, std::string_view text);

inline void debug(std::string_view text) { write(Level::debug, text); }
inline void info(std::string_view text) { write(Level::info, text); }
inline void warning(std::string_view text) { write(Level::warning, text); }
inline void error(std::string_view text) { write(Level::error, text); }

}  // namespace foliot::log

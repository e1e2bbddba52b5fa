// A job in words.
#pragma once

#include "cli/server.hpp"
#include "cli/times.hpp"

#include <string>

namespace foliot::cli {

/// When it fires: "crontab 0 4 * * 1-5, Europe/Berlin", "every 5 min", "once", "schedule 3".
std::string trigger_words(const json::Value& job, const Times& times);

struct Fires {
    std::string text;  ///< the next ones, a line each, after what they go by; "never again" when there is none
    bool over = false;
    std::string last;  ///< of a job that is over: what became of its last fire
};
/// Of a paused job those that there would be if it were resumed now. Throws Rejected.
Fires next_fires(const Server& server, const std::string& id, const Times& times);

/// What became of the latest fire that was due; "" when there was none.
std::string last_fire(const Server& server, const std::string& id, const Times& times);

/// What it is called with, as it would be written: `"you", rows=3`.
std::string call_words(const json::Value& args, const json::Value& kwargs);

}  // namespace foliot::cli

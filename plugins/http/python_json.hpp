// JSON as Python's json.dumps writes it: ", " and ": ", everything beyond ASCII escaped. Receivers of the Seed
// Scheduler were sent exactly these bytes, and some of them sign or compare what they get.
#pragma once

#include <foliot/value.hpp>

#include <string>

namespace http {

std::string python_json(const foliot::Value& value);

}  // namespace http

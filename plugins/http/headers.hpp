// Header fields that a job gives: checked, so that none of them can become two, or change where the body ends.
#pragma once

#include "transfer.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace http {

/// Letters, digits and what else HTTP has in names of methods and headers.
bool is_token(const std::string& text);

/// Throws BadArguments that names the argument when the text cannot be a header's value. It does not repeat the value.
void check_value(const std::string& text, const std::string& argument);

/// Adds those that the argument names. Throws BadArguments on what is no header, is given twice or is not the job's to
/// set. `secret`: all of them are credentials; otherwise those that are by their name.
void add_headers(std::vector<Header>& headers, const std::map<std::string, std::string>& given,
                 const std::string& argument, bool secret);

bool has_header(const std::vector<Header>& headers, const std::string& name);

/// Without the blanks around it, as a header's value arrives.
std::string_view trimmed(std::string_view text);

/// Texts that give a secret value away: itself, what follows "Bearer ", "Token " or "Basic " in it, and the password
/// in the latter.
std::vector<std::string> secrets_in(std::string_view value);

}  // namespace http

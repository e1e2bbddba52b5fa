// Making a project of the files of a template.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace foliot::cli {

using Replacements = std::map<std::string, std::string>;  ///< "@NAME@" -> text

/// Every one of them in `text`.
std::string replaced(std::string text, const Replacements& replacements);

/// Copies the files below `from` to the new folder `to`, permissions too. In their texts the placeholders are replaced;
/// in their paths NAME is `name`, and "gitignore" gets its dot (with it, it would count in the template's own place).
/// Throws std::system_error; then `to` is not there.
void make_project(const std::filesystem::path& from, const std::filesystem::path& to, const std::string& name,
                  const Replacements& replacements);

}  // namespace foliot::cli

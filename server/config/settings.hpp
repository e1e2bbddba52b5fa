// foliotd's configuration as text: keys and values, and which file said so. What they mean is for app/config.hpp.
#pragma once

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

namespace foliot {

using Settings = std::map<std::string, std::string>;

struct Given {
    Settings settings;
    std::map<std::string, std::string> files;  ///< key -> the file that says so; without one: the command line
    bool has_file = false;                     ///< the file itself is there, whatever lies in its folder
};

/// The keys of `file` and, after them, of each `*.properties` in the folder FILE.d, in the order of names; a later one
/// wins. Hidden files are none. The folder may be absent, and the file, too, unless it `must_exist`. Throws
/// std::runtime_error that names what cannot be read.
Given read_settings(const std::filesystem::path& file, bool must_exist);

/// What the command line says wins over all files.
void override_with(const Settings& settings, Given& given);

/// Something is wrong with a key; the text names it.
class ConfigError : public std::runtime_error {
  public:
    ConfigError(std::string key, std::string wrong) : ConfigError(std::move(key), std::move(wrong), "") {}
    /// The same, and the file that says so, if one does.
    ConfigError told_by(const Given& given) const;

  private:
    ConfigError(std::string key, std::string wrong, const std::string& file)
        : std::runtime_error("configuration key '" + key + "'" + (file.empty() ? "" : " in " + file) + wrong),
          key_(std::move(key)),
          wrong_(std::move(wrong)) {}

    std::string key_, wrong_;
};

}  // namespace foliot

#include "config/settings.hpp"

#include "base/fd.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace foliot {

namespace fs = std::filesystem;

namespace {

void collect_keys(const Poco::Util::AbstractConfiguration& from, const std::string& base, Settings& into) {
    Poco::Util::AbstractConfiguration::Keys keys;
    from.keys(base, keys);
    if (!base.empty() && from.hasProperty(base)) into[base] = from.getRawString(base, "");
    const std::string prefix = base.empty() ? "" : base + ".";
    for (const auto& key : keys) collect_keys(from, prefix + key, into);
}

[[noreturn]] void cannot_be_read(const fs::path& what, const std::string& why) {
    throw std::runtime_error("configuration " + what.string() + " cannot be read: " + why);
}

/// Poco takes a folder, and a disk that fails, for an empty file, so it does not get to read any.
std::string text_of(const fs::path& file) {
    try {
        return read_file(file.string());
    } catch (const std::exception& e) {
        cannot_be_read(file, e.what());
    }
}

void read_into(Given& given, const fs::path& file) {
    std::istringstream text(text_of(file));
    Settings found;
    try {
        const Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> properties(
            new Poco::Util::PropertyFileConfiguration(text));
        collect_keys(*properties, "", found);
    } catch (const Poco::Exception& e) {
        cannot_be_read(file, e.displayText());
    }
    for (auto& [key, value] : found) {
        given.settings[key] = std::move(value);
        given.files[key] = file.string();
    }
}

std::vector<fs::path> files_beside(const fs::path& file) {
    const fs::path folder = file.string() + ".d";
    std::vector<fs::path> files;
    try {
        if (!fs::exists(folder)) return {};
        for (const auto& entry : fs::directory_iterator(folder)) {
            const bool hidden = entry.path().filename().string().starts_with('.');
            if (!hidden && entry.path().extension() == ".properties") files.push_back(entry.path());
        }
    } catch (const fs::filesystem_error& e) {
        cannot_be_read(folder, e.code().message());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

Given read_settings(const fs::path& file, bool must_exist) {
    Given given;
    given.has_file = must_exist || fs::exists(file);
    if (given.has_file) read_into(given, file);
    for (const auto& one : files_beside(file)) read_into(given, one);
    return given;
}

void override_with(const Settings& settings, Given& given) {
    for (const auto& [key, value] : settings) {
        given.settings[key] = value;
        given.files.erase(key);
    }
}

ConfigError ConfigError::told_by(const Given& given) const {
    const auto file = given.files.find(key_);
    return {key_, wrong_, file == given.files.end() ? std::string() : file->second};
}

}  // namespace foliot

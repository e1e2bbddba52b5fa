// Other programs' work, by a shell, and where our own build is.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace foliot::testing {

/// What a shell command prints.
inline std::string output_of(const std::string& command) {
    FILE* pipe = ::popen(command.c_str(), "re");
    if (pipe == nullptr) throw std::runtime_error(command);
    std::string out;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
    if (::pclose(pipe) != 0) throw std::runtime_error(command + " failed: " + out);
    return out;
}

/// An entry of our own build's CMake cache.
inline std::string cached(const std::string& name) {
    std::ifstream file(std::filesystem::path(FOLIOT_BUILD_DIR) / "CMakeCache.txt");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name + ":")) return line.substr(line.find('=') + 1);
    }
    throw std::runtime_error(name + " is not in the cache");
}

inline std::string in_quotes(const std::filesystem::path& path) { return "'" + path.string() + "'"; }

inline void write_text(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

}  // namespace foliot::testing

// What an author outside this tree has: an installed SDK, find_package and two commands.
#pragma once

#include "sdk/shared_object.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace foliot::testing {

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

struct Author {
    TempDir home;
    std::string cmake = in_quotes(cached("CMAKE_COMMAND"));
    std::filesystem::path prefix = home / "prefix", source = home / "source", build = home / "build";

    Author() {
        output_of(cmake + " --install " + in_quotes(FOLIOT_BUILD_DIR) + " --component sdk --prefix " +
                  in_quotes(prefix) + " 2>&1");
    }

    std::string build_all() const {
        const std::string configure =
            cmake + " -S " + in_quotes(source) + " -B " + in_quotes(build) + " -G '" + cached("CMAKE_GENERATOR") +
            "' -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=" + in_quotes(cached("CMAKE_CXX_COMPILER")) +
            " -DCMAKE_PREFIX_PATH=" + in_quotes(prefix) + " -DCMAKE_INSTALL_PREFIX=" + in_quotes(prefix);
        return output_of("(" + configure + " && " + cmake + " --build " + in_quotes(build) + " && cd " +
                         in_quotes(build) + " && ctest --output-on-failure && " + cmake + " --install .) 2>&1");
    }
};

}  // namespace foliot::testing

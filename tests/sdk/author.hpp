// What an author outside this tree has: an installed SDK, find_package and two commands.
#pragma once

#include "sdk/shared_object.hpp"
#include "support/shell.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>

namespace foliot::testing {

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

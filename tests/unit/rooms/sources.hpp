// The repository's own sources, for tests that hold them to the rules.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace foliot::testing {

struct Source {
    std::string room;  ///< a room of the server, elsewhere the top folder; "" for files beside the rooms
    std::string name;  ///< relative to the repository
    std::string text;
};

inline std::vector<Source> read_sources(const std::string& top) {
    std::vector<Source> sources;
    const std::filesystem::path root(FOLIOT_SOURCE_DIR);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
        const std::string extension = entry.path().extension().string();
        if (extension != ".cpp" && extension != ".hpp" && extension != ".h") continue;
        const std::filesystem::path relative = entry.path().lexically_relative(root);
        std::ifstream in(entry.path());
        std::ostringstream text;
        text << in.rdbuf();
        auto part = relative.begin();
        std::string room = *part++;
        if (room == "server") room = std::next(part) == relative.end() ? "" : part->string();
        sources.push_back({room, relative.string(), text.str()});
    }
    return sources;
}

}  // namespace foliot::testing

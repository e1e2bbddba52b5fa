#pragma once

#include "base/error.hpp"

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace foliot::cli {

/// An empty folder for one command, gone with all in it afterwards.
class Scratch {
  public:
    Scratch() {
        std::string pattern = (std::filesystem::temp_directory_path() / "foliot-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw_errno("make a folder " + pattern);
        path_ = pattern;
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

}  // namespace foliot::cli

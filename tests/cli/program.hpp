// `foliot` as somebody at a terminal has it.
#pragma once

#include "base/json.hpp"
#include "cli/child.hpp"
#include "cli/exit_codes.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace foliot::testing {

inline constexpr Micros kPatience = 120 * kSecond;

inline std::filesystem::path foliot_program() { return std::filesystem::path(FOLIOT_BIN_DIR) / "foliot"; }

inline cli::ChildReport foliot(const std::vector<std::string>& arguments) {
    return cli::run_child(foliot_program(), arguments, kPatience);
}

inline std::string fixture_file(const std::string& name) {
    const std::filesystem::path folder = FOLIOT_FIXTURES_DIR;
    const std::filesystem::path plain = folder / (name + ".so");
    return (std::filesystem::exists(plain) ? plain : folder / "hanging" / (name + ".so")).string();
}

inline std::string sample_file() { return (std::filesystem::path(FOLIOT_MODULES_DIR) / "sample.so").string(); }

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace foliot::testing

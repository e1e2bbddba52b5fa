// The description of a module: JSON from a child process that ran its code, so nothing in it is believed unchecked.
#pragma once

#include "module/catalogue.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::module {

/// what() names the place in the description and what is wrong with it.
struct MetadataError : std::runtime_error {
    using runtime_error::runtime_error;
};

/// {"name","version","abi":[major,minor],"functions":[{"name","index","meta":{...}}]}; unknown keys are ignored.
/// `name` and `version` are what the file says of itself without being run, and must agree.
std::vector<Function> parse_metadata(std::string_view json, std::string_view name, std::string_view version);

/// Of a description that was checked once.
std::string declared_version(std::string_view json);

bool valid_module_name(std::string_view name);
bool valid_function_name(std::string_view name);

}  // namespace foliot::module

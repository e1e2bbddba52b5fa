// The C header of the module interface, read just well enough to know what is in its structs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::testing {

struct Header {
    std::vector<std::pair<std::string, std::string>> fields;  ///< struct, field; "as.i" of an inner union
    std::vector<std::string> structs, constants;

    /// Throws std::runtime_error where it does not understand a declaration.
    static Header read(std::string_view text);
};

/// Without comments, and with one blank for each run of white space.
std::string without_comments(std::string_view text);

/// The number that `text` defines a macro as; throws std::runtime_error.
int number_of(std::string_view text, const std::string& macro);

/// A C program that prints a line "name value" for each field's offset and size, each constant, each struct's size.
std::string layout_program(const Header& header);

}  // namespace foliot::testing

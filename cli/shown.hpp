// Text of others as a terminal may show it, and how much room it takes there.
#pragma once

#include <string>
#include <string_view>

namespace foliot::cli {

enum class Breaks { escape, keep };  ///< of lines: line feed and tab

/// Nothing in it does anything to a terminal: control characters, what turns the direction of text, and bytes that are
/// no UTF-8 are escaped (\x1b, \u202e). With Breaks::keep line feeds and tabs stay.
std::string shown(std::string_view text, Breaks breaks = Breaks::escape);

/// Columns of a terminal that a text takes which shown() gave: wide characters take two, combining ones none.
std::size_t columns(std::string_view text);

/// The beginning of it, with "…" at its end, if it takes more than `most` columns (at least one).
std::string cut_to(std::string_view text, std::size_t most);

/// Columns of the terminal that standard output is; 0: it is none.
std::size_t terminal_width();

}  // namespace foliot::cli

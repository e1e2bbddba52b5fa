// A page of the documentation, and what stands between its fences.
//
//     `reports.cpp`:                            the block is what the reader writes into that file
//     <!-- not run here: needs a terminal -->   the commands of the block are not for a test
//
// Either stands right before a fence, or a blank line before it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace foliot::testing {

struct Block {
    std::size_t line = 0;    ///< of the fence that opens it, from 1
    std::string language{};  ///< "": none is named
    std::string file{};
    std::string not_run{};  ///< why it is not; "": it is
    std::vector<std::string> lines{};

    std::string text() const;
};

struct Page {
    std::string name;  ///< from the root of the tree: docs/triggers.md
    std::size_t line_count = 0;
    std::vector<Block> blocks{};

    bool has_commands() const;
};

/// Throws std::runtime_error when a block is indented or has no end.
Page parse_page(const std::string& name, const std::string& text);

/// README.md, CONTRIBUTING.md and all below docs/, by name.
std::vector<Page> all_pages();

/// What is run in the place of a block that is not run; "": nothing.
using Instead = std::function<std::string(const Block&)>;

/// The page as a bash script: its commands in order, its files written where they stand. Each command has the line
/// number that it has in the page, so that bash names the right one. A failure tells line and command on standard
/// error.
std::string script_of(const Page& page, const Instead& instead);

}  // namespace foliot::testing

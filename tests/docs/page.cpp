#include "docs/page.hpp"

#include "base/fd.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace foliot::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEndOfFile = "END-OF-THE-FILE";

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

bool is_fence(const std::string& line) { return line.starts_with("```"); }

void read_label(const std::string& line, Block& block) {
    static const std::regex file("^`([^` ]+)`.*:$");
    static const std::regex not_run("^<!-- not run here: (.+) -->$");
    std::smatch found;
    if (std::regex_match(line, found, file)) block.file = found[1];
    if (std::regex_match(line, found, not_run)) block.not_run = found[1];
}

bool is_command(const Block& block) { return block.language == "sh"; }

}  // namespace

std::string Block::text() const {
    std::string all;
    for (const std::string& each : lines) all += each + "\n";
    return all;
}

bool Page::has_commands() const {
    return std::any_of(blocks.begin(), blocks.end(),
                       [](const Block& block) { return is_command(block) && block.not_run.empty(); });
}

Page parse_page(const std::string& name, const std::string& text) {
    Page page{.name = name};
    const std::vector<std::string> lines = lines_of(text);
    page.line_count = lines.size();
    bool is_open = false;
    std::string before;  // the last line that is not blank
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string& line = lines[i];
        const auto start = line.find_first_not_of(' ');
        if (start != 0 && start != std::string::npos && is_fence(line.substr(start)))
            throw std::runtime_error(name + ", line " + std::to_string(i + 1) + ": a block must not be indented");
        if (is_fence(line)) {
            if (!is_open)
                read_label(before, page.blocks.emplace_back(Block{.line = i + 1, .language = line.substr(3)}));
            is_open = !is_open;
            before.clear();
        } else if (is_open) {
            page.blocks.back().lines.push_back(line);
        } else if (start != std::string::npos) {
            before = line;
        }
    }
    if (is_open) throw std::runtime_error(name + ": its last block has no end");
    return page;
}

std::vector<Page> all_pages() {
    const fs::path root = FOLIOT_SOURCE_DIR;
    std::vector<fs::path> files{root / "README.md", root / "CONTRIBUTING.md"};
    for (const auto& entry : fs::recursive_directory_iterator(root / "docs"))
        if (entry.path().extension() == ".md") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<Page> pages;
    pages.reserve(files.size());
    for (const fs::path& file : files)
        pages.push_back(parse_page(file.lexically_relative(root).string(), read_file(file.string())));
    return pages;
}

std::string script_of(const Page& page, const Instead& instead) {
    std::vector<std::string> script(page.line_count);
    for (const Block& block : page.blocks) {
        if (!is_command(block) && block.file.empty()) continue;
        if (!block.not_run.empty()) {
            script[block.line] = instead(block);
            continue;
        }
        std::copy(block.lines.begin(), block.lines.end(), script.begin() + static_cast<std::ptrdiff_t>(block.line));
        if (block.file.empty()) continue;
        script[block.line - 1] =
            "mkdir -p \"$(dirname '" + block.file + "')\" && cat > '" + block.file + "' <<'" + kEndOfFile + "'";
        script[block.line + block.lines.size()] = kEndOfFile;
    }
    // The first line is the page's title.
    script.at(0) = R"(set -Eeuo pipefail; trap 'printf "\nline %s: %s\n" "$LINENO" "$BASH_COMMAND" >&2' ERR)";
    std::string text;
    for (const std::string& line : script) text += line + "\n";
    return text;
}

}  // namespace foliot::testing

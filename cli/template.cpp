#include "cli/template.hpp"

#include "base/error.hpp"
#include "base/fd.hpp"

#include <cerrno>
#include <fstream>

namespace foliot::cli {
namespace fs = std::filesystem;
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
}

fs::path path_in_project(const fs::path& in_template, const std::string& name) {
    if (in_template == "gitignore") return ".gitignore";
    std::string path = in_template.string();
    replace_all(path, "NAME", name);
    return path;
}

void write_new(const fs::path& path, const std::string& text, fs::perms permissions) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw_errno("write " + path.string());
    fs::permissions(path, permissions);
}

void copy_all(const fs::path& from, const fs::path& to, const std::string& name, const Replacements& replacements) {
    for (const auto& entry : fs::recursive_directory_iterator(from)) {
        const fs::path target = to / path_in_project(entry.path().lexically_relative(from), name);
        if (entry.is_directory()) {
            fs::create_directories(target);
        } else {
            write_new(target, replaced(read_file(entry.path()), replacements), entry.status().permissions());
        }
    }
}

}  // namespace

std::string replaced(std::string text, const Replacements& replacements) {
    for (const auto& [what, with] : replacements) replace_all(text, what, with);
    return text;
}

void make_project(const fs::path& from, const fs::path& to, const std::string& name, const Replacements& replacements) {
    fs::create_directories(to.parent_path());
    if (!fs::create_directory(to)) throw_errno("make " + to.string(), EEXIST);
    try {
        copy_all(from, to, name, replacements);
    } catch (...) {
        std::error_code ignored;
        fs::remove_all(to, ignored);
        throw;
    }
}

}  // namespace foliot::cli

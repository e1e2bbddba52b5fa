// `foliot module new`: a project that builds, tests and packages itself.
#include "base/clock.hpp"
#include "base/time_text.hpp"
#include "cli/module_commands.hpp"
#include "cli/module_file.hpp"
#include "cli/template.hpp"
#include "module/metadata.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace foliot::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDetails =
    "Makes the folder NAME with a module of that name: CMake project, an example function with its\n"
    "test, Debian packaging, README. DEBFULLNAME and DEBEMAIL say whose it is. Then:\n"
    "\n"
    "  cd NAME && cmake -B build && cmake --build build && ctest --test-dir build\n"
    "\n"
    "Ends with 2 for a name that no module can have, with 3 when the folder is there already.\n";

std::string variable(const char* name, const std::string& otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == 0 ? otherwise : value;
}

std::string maintainer() {
    const passwd* user = ::getpwuid(::getuid());  // NOLINT(concurrency-mt-unsafe): there is one thread
    const std::string login = user == nullptr ? "nobody" : user->pw_name;
    return variable("DEBFULLNAME", login) + " <" + variable("DEBEMAIL", login + "@localhost") + ">";
}

/// As RFC 5322 has it, in UTC.
std::string date_text(const Civil& now) {
    static constexpr std::array<const char*, 7> kDays{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d +0000",
                  kDays.at(static_cast<std::size_t>(now.weekday)), now.day,
                  kMonths.at(static_cast<std::size_t>(now.month - 1)), now.year, now.hour, now.minute, now.second);
    return text.data();
}

/// Debian's rules: small letters, digits, '+', '-', '.'.
std::string package_name(const std::string& module) {
    std::string name = "foliot-module-";
    for (const char c : module) {
        const bool is_capital = c >= 'A' && c <= 'Z';
        name += c == '_' ? '-' : is_capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return name;
}

fs::path template_folder() {
    fs::path folder = (own_program().parent_path() / FOLIOT_TEMPLATE_PATH).lexically_normal();
    if (!fs::is_directory(folder))
        throw CommandError("the template of a project is not in " + folder.string() + "; install foliot completely");
    return folder;
}

int run(const Options& options) {
    const std::string& name = options.word(0);
    if (!module::valid_module_name(name))
        throw UsageError("'" + name +
                         "' is no name for a module: letters, digits, '_', '-', parts joined by dots, each of which "
                         "begins with a letter or '_'; at most 128 bytes");
    const fs::path folder = fs::path(options.text("dir", ".")) / name;
    if (fs::exists(fs::symlink_status(folder)))
        throw CommandError(folder.string() + " is there already; choose another name or --dir");
    const Civil now = civil_of(SystemClock().now());
    make_project(template_folder(), absolute_path(folder), name,
                 {{"@NAME@", name},
                  {"@PACKAGE@", package_name(name)},
                  {"@MAINTAINER@", maintainer()},
                  {"@DATE@", date_text(now)},
                  {"@YEAR@", std::to_string(now.year)}});
    std::cout << "made " << folder.string() << "; its README.md tells how to build, test, run and package it\n";
    return kOk;
}

}  // namespace

Command module_new() {
    return {.name = "module new",
            .words = {"NAME"},
            .summary = "make the project of a new module",
            .options = {{"dir", "DIR", "where to make the folder NAME; by default here"}},
            .details = kDetails,
            .run = &run};
}

}  // namespace foliot::cli

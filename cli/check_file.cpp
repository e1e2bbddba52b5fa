#include "cli/checks.hpp"
#include "cli/child.hpp"
#include "cli/interrupt.hpp"
#include "cli/module_file.hpp"
#include "module/elf_file.hpp"

#include <link.h>

#include <algorithm>

namespace foliot::cli {
namespace {

constexpr std::string_view kEntry = "foliot_module_v";
constexpr std::size_t kNamesShown = 5;

CheckResult finding(const char* test, Level level, std::string text) {
    if (text.empty()) level = Level::ok;
    return {"file", test, level, std::move(text)};
}

std::string some_of(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i) text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > kNamesShown) text += " and " + std::to_string(names.size() - kNamesShown) + " more";
    return text;
}

std::string note_problem(const std::filesystem::path& file, const module::ElfFacts& facts) {
    if (!facts.note) return "there is no ELF note of a module in it: a server ignores the file; use FOLIOT_MODULE";
    module::Module module;
    module.name = file.stem().string();
    module::judge_note(module, *facts.note);
    return module.problem;
}

std::string exports_problem(std::vector<std::string> names) {
    std::erase_if(names, [](const std::string& name) { return name.starts_with(kEntry); });
    if (names.empty()) return {};
    return "it shows " + some_of(names) +
           " to other libraries, which may bind to them; build it with foliot_add_module";
}

std::string entry_problem(const std::vector<std::string>& names) {
    if (std::ranges::any_of(names, [](const std::string& name) { return name.starts_with(kEntry); })) return {};
    return "it does not export foliot_module_v1; use FOLIOT_MODULE";
}

/// The dynamic linker of this program, which is the worker's too.
std::string linker_path() {
    std::string path;
    const auto look = [](dl_phdr_info* info, std::size_t, void* found) {
        for (int i = 0; i < info->dlpi_phnum; ++i) {
            if (info->dlpi_phdr[i].p_type != PT_INTERP) continue;
            // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers
            const auto* text = reinterpret_cast<const char*>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
            *static_cast<std::string*>(found) = text;
        }
        return 1;  // the first is the program
    };
    ::dl_iterate_phdr(look, &path);
    return path;
}

/// The linker lists what it would load, without running any of it. (Its own --list stops at the first that is missing.)
std::string needed_problem(const std::filesystem::path& file) {
    const ChildReport listed =
        run_child(linker_path(), {absolute_path(file).string()}, kLimit, {{"LD_TRACE_LOADED_OBJECTS=1"}, interrupts()});
    std::vector<std::string> missing;
    std::size_t at = 0;
    while ((at = listed.out.find(" => not found", at)) != std::string::npos) {
        const std::size_t line = listed.out.find_last_of("\n\t", at) + 1;
        missing.push_back(listed.out.substr(line, at - line));
        ++at;
    }
    if (!missing.empty()) return "libraries that it needs are not installed: " + some_of(missing);
    return listed.succeeded() ? "" : "the libraries that it needs cannot be listed: " + listed.ending();
}

}  // namespace

CheckResults check_file(const std::filesystem::path& file) {
    const module::OpenedFile opened = open_module(file);
    const module::ElfFacts facts = module::read_elf(opened.fd.get(), opened.stat.size);
    CheckResults findings{finding("note", Level::error, note_problem(absolute_path(file), facts))};
    const auto linkage = module::read_linkage(opened.fd.get(), opened.stat.size);
    if (!linkage) {
        findings.push_back(
            finding("linkage", Level::error, "it is no shared object for this machine, or its tables cannot be read"));
        return findings;
    }
    findings.push_back(finding("entry", Level::error, entry_problem(linkage->exported)));
    findings.push_back(finding(
        "bind_now", Level::error,
        linkage->bind_now ? "" : "a missing function would be found in the middle of a run; link with -Wl,-z,now"));
    findings.push_back(finding(
        "text_relocations", Level::error,
        linkage->text_relocations ? "its code is changed when it is loaded; compile all of it with -fPIC" : ""));
    findings.push_back(finding("needed", Level::error, needed_problem(file)));
    findings.push_back(finding("exports", Level::warning, exports_problem(linkage->exported)));
    findings.push_back(finding("unique", Level::warning,
                               linkage->unique.empty()
                                   ? ""
                                   : "shared with every other module in a process: " + some_of(linkage->unique) +
                                         "; link with the SDK's version script or compile with -fno-gnu-unique"));
    findings.push_back(
        finding("build_id", Level::warning,
                facts.build_id.empty()
                    ? "it has no build id, so runs cannot tell which build they were of; link with -Wl,--build-id"
                    : ""));
    return findings;
}

}  // namespace foliot::cli

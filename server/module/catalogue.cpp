#include "module/catalogue.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "module/elf_note.hpp"
#include "module/examine.hpp"
#include "module/file_check.hpp"
#include "module/metadata.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace foliot::module {
namespace fs = std::filesystem;
namespace {

constexpr const char* kInstallByRename =
    "install modules by renaming: copy the file beside its place, then mv it there";
constexpr std::size_t kNamesInError = 20;
constexpr Micros kWrittenPause = 2 * kSecond, kUnreadablePause = 10 * kSecond;

/// Takes over what an earlier examination of this very file found. False: examine it.
bool reuse(Module& module, const store::ModuleRecord& record) {
    if (record.path != module.path || record.identity != module.identity) return false;
    if (record.status == status_name(Status::invalid_metadata)) {
        set_problem(module, Status::invalid_metadata, record.problem);
        return true;
    }
    // Nothing else was decided by the file alone: a library may have come since, a machine may be less busy.
    if (record.status != status_name(Status::ok)) return false;
    try {
        module.functions = parse_metadata(record.meta, module.name, module.version);
    } catch (const MetadataError&) {
        return false;
    }
    module.meta = record.meta;
    return true;
}

std::string joined_names(const std::vector<Function>& functions) {
    std::string out;
    for (std::size_t i = 0; i < functions.size() && i < kNamesInError; ++i)
        out += (i == 0 ? "" : ", ") + functions[i].name;
    if (functions.size() > kNamesInError) out += ", ...";
    return out.empty() ? "none" : out;
}

}  // namespace

struct Catalogue::Candidate {
    fs::path file;
    std::string name;  ///< of the file, without ".so"
    bool trusted = false;
};

struct Catalogue::Folders {
    std::vector<Candidate> files;
    std::string unreadable;
};

std::string_view status_name(Status status) {
    switch (status) {
        case Status::ok: return "ok";
        case Status::not_a_module: return "not_a_module";
        case Status::abi_too_new: return "abi_too_new";
        case Status::abi_too_old: return "abi_too_old";
        case Status::insecure: return "insecure";
        case Status::load_error: return "load_error";
        case Status::crashed: return "crashed";
        case Status::timed_out: return "timed_out";
        case Status::invalid_metadata: return "invalid_metadata";
        case Status::shadowed: return "shadowed";
        case Status::changed_while_probing: return "changed_while_probing";
        case Status::incomplete: return "incomplete";
        case Status::overwritten: return "overwritten";
        case Status::gone: return "gone";
    }
    return "?";
}

const Function* Module::find(std::string_view function) const {
    const auto found = std::ranges::find(functions, function, &Function::name);
    return found == functions.end() ? nullptr : &*found;
}

Catalogue::Catalogue(CatalogueOptions options, store::Store& store)
    : options_(std::move(options)), store_(store), give_up_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!give_up_) throw_errno("eventfd");
}

void Catalogue::give_up() {
    const std::uint64_t one = 1;
    if (::write(give_up_.get(), &one, sizeof one) < 0 && errno != EAGAIN) throw_errno("write to eventfd");
}

bool Catalogue::given_up() const {
    pollfd asked{give_up_.get(), POLLIN, 0};
    return ::poll(&asked, 1, 0) > 0;
}

void Catalogue::search(std::vector<fs::path> path, std::vector<fs::path> trusted_paths) {
    const std::lock_guard lock(mutex_);
    options_.path = std::move(path);
    options_.trusted_paths = std::move(trusted_paths);
}

Micros Catalogue::rescan() {
    const std::lock_guard one_at_a_time(scanning_);
    const Before earlier = before();
    ByName found;
    std::vector<ModulePtr> others;
    const Folders seen = folders();
    for (const Candidate& file : seen.files) {
        if (given_up()) return 0;
        const auto holder = found.find(file.name);
        if (holder == found.end()) {
            if (ModulePtr module = examine(file, earlier)) found.emplace(file.name, std::move(module));
            continue;
        }
        Module shadowed;
        shadowed.name = file.name;
        shadowed.path = file.file.string();
        set_problem(shadowed, Status::shadowed,
                    "not used: " + holder->second->path + " comes first in the search path");
        others.push_back(std::make_shared<const Module>(std::move(shadowed)));
    }
    if (given_up()) return 0;
    const bool any_missing = keep_missing(found, earlier, seen.unreadable);
    announce(found, earlier.modules);
    {
        const std::lock_guard lock(mutex_);
        for (auto& [name, module] : found) {
            const auto noted = modules_.find(name);  // it may have been, since it was looked at
            const bool was_noted = noted != modules_.end() && noted->second->status == Status::overwritten;
            if (was_noted && module->status == Status::ok && overwritten(*module)) module = noted->second;
        }
        modules_ = found;
        others_ = std::move(others);
    }
    persist(found, earlier.records);
    const bool being_written = std::ranges::any_of(found, [&](const auto& entry) {
        const Module& module = *entry.second;
        if (module.status == Status::changed_while_probing) return true;
        const auto last = earlier.modules.find(entry.first);
        const bool grew = last == earlier.modules.end() || last->second->identity != module.identity;
        return module.status == Status::incomplete && grew;
    });
    if (being_written) return kWrittenPause;
    return any_missing ? kUnreadablePause : 0;
}

Catalogue::Folders Catalogue::folders() const {
    std::vector<fs::path> paths, trusted_paths;
    {
        const std::lock_guard lock(mutex_);
        paths = options_.path;
        trusted_paths = options_.trusted_paths;
    }
    std::vector<fs::path> trusted;
    trusted.reserve(trusted_paths.size());
    std::error_code error;
    for (const fs::path& path : trusted_paths) trusted.push_back(fs::canonical(path, error));
    Folders seen;
    for (const fs::path& path : paths) {
        const fs::path folder = fs::canonical(path, error);
        if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
            log::debug("module-folder-skipped", "module folder " + path.string() + " is skipped: " + error.message());
            continue;
        }
        const bool is_trusted = std::ranges::find(trusted, folder) != trusted.end();
        const auto first = static_cast<std::ptrdiff_t>(seen.files.size());
        if (!error) {
            for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
                const fs::path& file = entry->path();
                if (file.extension() == ".so" && !file.stem().empty())
                    seen.files.push_back({file, file.stem().string(), is_trusted});
            }
        }
        if (error) {
            seen.unreadable = "module folder " + path.string() + " cannot be listed: " + error.message();
            log::warning("module-folder-unreadable", seen.unreadable);
        }
        std::ranges::sort(seen.files.begin() + first, seen.files.end(), {}, &Candidate::file);
    }
    return seen;
}

Catalogue::ModulePtr Catalogue::examine(const Candidate& file, const Before& before) const {
    Module module;
    module.name = file.name;
    module.path = file.file.string();
    module.last_good = before.last_good(module.name);
    const auto made = [&] { return std::make_shared<const Module>(std::move(module)); };
    const OpenedFile opened = open_checked(file.file, file.trusted);
    if (opened.gone) return nullptr;
    if (!opened.fd) {
        set_problem(module, opened.insecure ? Status::insecure : Status::load_error, opened.problem);
        return made();
    }
    const ElfFacts facts = read_elf(opened.fd.get(), opened.stat.size);
    const bool was_module = before.is_place_of(module.name, module.path);
    if (!facts.note && !was_module) return nullptr;
    module.build_id = facts.build_id;
    module.identity = identity_of(opened.stat, facts.build_id);
    if (facts.truncated || opened.stat.size == 0) {
        set_problem(module, Status::incomplete,
                    "the file ends before it should: it is being copied, or its copy broke off; " +
                        std::string(kInstallByRename));
        return made();
    }
    if (!facts.note) {
        set_problem(module, Status::not_a_module, "a module was here, but this file is none: put a module there");
        return made();
    }
    module.version = facts.note->version;
    if (judge_note(module, *facts.note)) {
        const auto record = before.records.find(module.name);
        if (record == before.records.end() || !reuse(module, record->second)) {
            probe(module, options_.worker_program, options_.describe_limit, give_up_.get(), options_.job_user);
            if (stat_of(file.file) != opened.stat)
                set_problem(module, Status::changed_while_probing,
                            "the file changed while it was examined: it is looked at again when it is complete");
        }
    }
    if (module.status == Status::ok)
        module.last_good = nullptr;
    else
        module.functions.clear(), module.meta.clear();
    return made();
}

void Catalogue::announce(const ByName& found, const ByName& before) {
    for (const auto& [name, module] : found) {
        const auto last = before.find(name);
        const bool same = last != before.end() && last->second->identity == module->identity &&
                          last->second->status == module->status && last->second->problem == module->problem;
        if (same) continue;
        if (module->status == Status::ok)
            log::info("module-ok", "module " + name + " " + module->version + ": " +
                                       std::to_string(module->functions.size()) + " functions (" + module->path + ")");
        else if (module->status == Status::gone)
            log::warning("module-gone", "module " + name + " is gone (" + module->path + "): its runs wait " +
                                            std::to_string(kGoneGrace / kSecond) +
                                            " s for it to come back, then they end as unresolved");
        else
            log::warning("module-unusable", "module " + name + " cannot be used, " +
                                                std::string(status_name(module->status)) + ": " + module->problem +
                                                " (" + module->path + "); its runs wait");
    }
}

std::optional<Resolved> Catalogue::resolve(const FuncRef& func, std::string& why) const {
    ModulePtr module;
    {
        const std::lock_guard lock(mutex_);
        const auto found = modules_.find(func.module);
        if (found != modules_.end()) module = found->second;
    }
    if (!module) {
        why = "no module '" + func.module + "'";
        return std::nullopt;
    }
    if (module->status == Status::gone) {
        why = "module '" + func.module + "' is gone: " + module->problem;
        return std::nullopt;
    }
    if (module->status != Status::ok) {
        why = "module '" + func.module + "' cannot be used: " + module->problem;
        return std::nullopt;
    }
    const Function* function = module->find(func.function);
    if (function == nullptr) {
        why = "module '" + func.module + "' has no function '" + func.function +
              "'; it has: " + joined_names(module->functions);
        return std::nullopt;
    }
    return Resolved{std::move(module), function};
}

std::vector<std::shared_ptr<const Module>> Catalogue::modules() const {
    const std::lock_guard lock(mutex_);
    std::vector<ModulePtr> all;
    for (const auto& [name, module] : modules_) all.push_back(module);
    all.insert(all.end(), others_.begin(), others_.end());
    return all;
}

std::set<std::string> Catalogue::unavailable() const {
    std::set<std::string> names;
    const std::lock_guard lock(mutex_);
    for (const auto& [name, module] : modules_) {
        if (module->status == Status::ok) continue;
        const bool waited_for = module->status != Status::gone || store_.now() < module->gone_since + kGoneGrace;
        if (waited_for) names.insert(name);
    }
    return names;
}

bool Catalogue::note_written(const fs::path& file) {
    std::error_code error;
    const fs::path path = fs::canonical(file.parent_path(), error) / file.filename();
    const std::lock_guard lock(mutex_);
    const auto holder = modules_.find(file.stem().string());
    if (holder == modules_.end() || holder->second->path != path.string()) return false;
    const Module& used = *holder->second;
    if (used.status != Status::ok || !overwritten(used)) return false;
    Module now = used;
    set_problem(now, Status::overwritten,
                "the file was overwritten in place while it was in use, which crashes processes that have it loaded; " +
                    std::string(kInstallByRename));
    now.functions.clear();
    now.meta.clear();
    now.last_good = holder->second;
    log::error("module-overwritten",
               "module file " + now.path +
                   " was overwritten in place while it was in use: its runs may crash, and new ones wait until it is "
                   "whole; " +
                   kInstallByRename);
    holder->second = std::make_shared<const Module>(std::move(now));
    return true;
}

bool Catalogue::overwritten(const Module& module) {
    const std::optional<FileStat> now = stat_of(module.path);
    return now && module.identity.starts_with(place_of(*now)) && identity_of(*now, module.build_id) != module.identity;
}

bool Catalogue::unchanged(const Module& module) {
    const std::optional<FileStat> now = stat_of(module.path);
    return now && identity_of(*now, module.build_id) == module.identity;
}

}  // namespace foliot::module

#include "module/catalogue.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "module/describe.hpp"
#include "module/elf_note.hpp"
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

/// Part of every identity: what an older prober found out about a file does not count for a newer one.
constexpr std::string_view kProber = "1";
constexpr std::size_t kNamesInError = 20;
constexpr std::size_t kMaxVersion = 128;

std::string identity_of(const FileStat& stat, const std::string& build_id) {
    return std::string(kProber) + ':' + stat.text() + ':' + build_id;
}

void set_problem(Module& module, Status status, std::string problem) {
    module.status = status;
    module.problem = std::move(problem);
}

std::string version_text(unsigned major, unsigned minor) { return std::to_string(major) + "." + std::to_string(minor); }

/// Everything that the note alone decides. True: go on.
bool note_is_usable(Module& module, const ElfNote& note) {
    const std::string wants = "was built for module interface " + version_text(note.major, note.minor) +
                              ", this server speaks " + version_text(kAbiMajor, kAbiMinor);
    if (!valid_module_name(module.name))
        set_problem(module, Status::invalid_metadata, "its file name is no module name");
    else if (!note.well_formed)
        set_problem(module, Status::invalid_metadata, "its ELF note cannot be read; build it again");
    else if (note.major < kAbiMajor)
        set_problem(module, Status::abi_too_old, wants + "; build it with this server's SDK");
    else if (note.major > kAbiMajor || note.minor > kAbiMinor)
        set_problem(module, Status::abi_too_new, wants + "; upgrade the server or build it for the older interface");
    else if (note.name != module.name)
        set_problem(module, Status::invalid_metadata,
                    "it declares the name '" + note.name + "'; rename the file to " + note.name + ".so");
    else if (note.version.size() > kMaxVersion)
        set_problem(module, Status::invalid_metadata,
                    "its version has more than " + std::to_string(kMaxVersion) + " bytes");
    return module.status == Status::ok;
}

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

void Catalogue::rescan() {
    const std::lock_guard one_at_a_time(scanning_);
    const Records known = stored();
    ByName found;
    std::vector<ModulePtr> others;
    for (const Candidate& file : candidates()) {
        if (given_up()) return;
        const auto holder = found.find(file.name);
        if (holder == found.end()) {
            if (ModulePtr module = examine(file, known)) found.emplace(file.name, std::move(module));
            continue;
        }
        Module shadowed;
        shadowed.name = file.name;
        shadowed.path = file.file.string();
        set_problem(shadowed, Status::shadowed,
                    "not used: " + holder->second->path + " comes first in the search path");
        others.push_back(std::make_shared<const Module>(std::move(shadowed)));
    }
    if (given_up()) return;
    announce(found);
    {
        const std::lock_guard lock(mutex_);
        modules_ = found;
        others_ = std::move(others);
    }
    persist(found, known);
}

std::vector<Catalogue::Candidate> Catalogue::candidates() const {
    std::vector<fs::path> trusted;
    trusted.reserve(options_.trusted_paths.size());
    std::error_code error;
    for (const fs::path& path : options_.trusted_paths) trusted.push_back(fs::canonical(path, error));
    std::vector<Candidate> files;
    for (const fs::path& path : options_.path) {
        const fs::path folder = fs::canonical(path, error);
        if (error) {
            log::debug("module folder " + path.string() + " is skipped: " + error.message());
            continue;
        }
        const bool is_trusted = std::ranges::find(trusted, folder) != trusted.end();
        const auto first = static_cast<std::ptrdiff_t>(files.size());
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
            const fs::path& file = entry->path();
            if (file.extension() == ".so" && !file.stem().empty())
                files.push_back({file, file.stem().string(), is_trusted});
        }
        if (error) log::warning("module folder " + folder.string() + " cannot be listed: " + error.message());
        std::ranges::sort(files.begin() + first, files.end(), {}, &Candidate::file);
    }
    return files;
}

Catalogue::Records Catalogue::stored() const {
    Records records;
    try {
        for (store::ModuleRecord& record : store_.read()->modules()) records.emplace(record.name, std::move(record));
    } catch (const store::StoreUnavailable& error) {
        log::warning(std::string("modules are examined anew, what is known of them cannot be read: ") + error.what());
    }
    return records;
}

Catalogue::ModulePtr Catalogue::examine(const Candidate& file, const Records& known) const {
    Module module;
    module.name = file.name;
    module.path = file.file.string();
    const OpenedFile opened = open_checked(file.file, file.trusted);
    if (opened.gone) return nullptr;
    if (!opened.fd) {
        set_problem(module, opened.insecure ? Status::insecure : Status::load_error, opened.problem);
        return std::make_shared<const Module>(std::move(module));
    }
    const ElfFacts facts = read_elf(opened.fd.get(), opened.stat.size);
    if (!facts.note) return nullptr;
    module.version = facts.note->version;
    module.build_id = facts.build_id;
    module.identity = identity_of(opened.stat, facts.build_id);
    if (note_is_usable(module, *facts.note)) {
        const auto record = known.find(module.name);
        if (record == known.end() || !reuse(module, record->second)) {
            probe(module);
            if (stat_of(file.file) != opened.stat)
                set_problem(module, Status::changed_while_probing,
                            "the file changed while it was examined; rescan when it is complete");
        }
    }
    if (module.status != Status::ok) module.functions.clear(), module.meta.clear();
    return std::make_shared<const Module>(std::move(module));
}

void Catalogue::probe(Module& module) const {
    const auto ask = [&] {
        return describe(options_.worker_program, module.path, options_.describe_limit, give_up_.get(),
                        options_.job_user);
    };
    Description description;
    try {
        description = ask();
        if (description.killed) description = ask();
    } catch (const std::system_error& error) {
        return set_problem(module, Status::load_error, std::string("it cannot be examined: ") + error.what());
    }
    if (description.status != Status::ok) return set_problem(module, description.status, description.problem);
    try {
        module.functions = parse_metadata(description.json, module.name, module.version);
        module.meta = description.json;
    } catch (const MetadataError& error) {
        set_problem(module, Status::invalid_metadata, error.what());
    }
}

void Catalogue::announce(const ByName& found) const {
    for (const auto& [name, module] : found) {
        const auto before = modules_.find(name);  // only rescan() changes it, and there is one at a time
        const bool same = before != modules_.end() && before->second->identity == module->identity &&
                          before->second->status == module->status && before->second->problem == module->problem;
        if (same) continue;
        if (module->status == Status::ok)
            log::info("module " + name + " " + module->version + ": " + std::to_string(module->functions.size()) +
                      " functions (" + module->path + ")");
        else
            log::warning("module " + name + " cannot be used, " + std::string(status_name(module->status)) + ": " +
                         module->problem + " (" + module->path + ")");
    }
    for (const auto& [name, module] : modules_)
        if (!found.contains(name)) log::info("module " + name + " is gone (" + module->path + ")");
}

void Catalogue::persist(const ByName& found, const Records& known) {
    std::vector<store::ModuleRecord> changed;
    std::vector<std::string> gone;
    for (const auto& [name, module] : found) {
        store::ModuleRecord record{name,
                                   module->path,
                                   module->identity,
                                   module->version,
                                   std::string(status_name(module->status)),
                                   module->problem,
                                   module->meta,
                                   0};
        const auto before = known.find(name);
        record.at = before == known.end() ? 0 : before->second.at;
        if (before == known.end() || before->second != record) changed.push_back(std::move(record));
    }
    for (const auto& [name, record] : known)
        if (!found.contains(name)) gone.push_back(name);
    if (changed.empty() && gone.empty()) return;
    const Micros now = store_.now();
    for (store::ModuleRecord& record : changed) record.at = now;
    try {
        store_.write(store::Store::Class::bulk, [&](store::Tx& tx) {
            for (const store::ModuleRecord& record : changed) tx.put_module(record);
            for (const std::string& name : gone) tx.remove_module(name);
        });
    } catch (const std::runtime_error& error) {  // unavailable, or a commit of unknown fate
        log::warning(std::string("the catalogue of modules is not saved, the next start examines them anew: ") +
                     error.what());
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

bool Catalogue::unchanged(const Module& module) {
    const std::optional<FileStat> now = stat_of(module.path);
    return now && identity_of(*now, module.build_id) == module.identity;
}

}  // namespace foliot::module

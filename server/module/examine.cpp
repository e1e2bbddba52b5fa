#include "module/examine.hpp"

#include "module/describe.hpp"
#include "module/metadata.hpp"

#include <system_error>

namespace foliot::module {
namespace {

/// Part of every identity: what an older prober found out about a file does not count for a newer one.
constexpr std::string_view kProber = "1";
constexpr std::size_t kMaxVersion = 128;

std::string version_text(unsigned major, unsigned minor) { return std::to_string(major) + "." + std::to_string(minor); }

}  // namespace

bool judge_note(Module& module, const ElfNote& note) {
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

std::string identity_of(const FileStat& stat, const std::string& build_id) {
    return std::string(kProber) + ':' + stat.text() + ':' + build_id;
}

std::string place_of(const FileStat& stat) {
    return std::string(kProber) + ':' + std::to_string(stat.device) + ':' + std::to_string(stat.inode) + ':';
}

void set_problem(Module& module, Status status, std::string problem) {
    module.status = status;
    module.problem = std::move(problem);
}

void probe(Module& module, const std::filesystem::path& worker_program, Micros limit, int give_up,
           const std::optional<process::JobUser>& user) {
    const auto ask = [&] { return describe(worker_program, module.path, limit, give_up, user); };
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

}  // namespace foliot::module

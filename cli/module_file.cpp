#include "cli/module_file.hpp"

#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "process/worker_program.hpp"

#include <unistd.h>

namespace foliot::cli {
namespace fs = std::filesystem;

fs::path own_program() { return fs::read_symlink("/proc/self/exe"); }

fs::path worker_program() {
    fs::path program = process::worker_program(process::own_folder());
    if (::access(program.c_str(), X_OK) != 0)
        throw CommandError(program.string() + " cannot be run: install the package foliot-worker");
    return program;
}

fs::path absolute_path(const fs::path& file) {
    if (file.empty()) throw CommandError("the name of the file is empty");
    const fs::path path = fs::absolute(file);
    return fs::weakly_canonical(path.parent_path()) / path.filename();
}

module::OpenedFile open_module(const fs::path& file) {
    module::OpenedFile opened = module::open_checked(absolute_path(file), true);
    if (!opened.fd) throw CommandError(opened.problem);
    return opened;
}

std::shared_ptr<const module::Module> examine(const fs::path& file) {
    const module::OpenedFile opened = open_module(file);
    const module::ElfFacts facts = module::read_elf(opened.fd.get(), opened.stat.size);
    if (!facts.note)
        throw CommandError(file.string() + " is no module: it has no ELF note of one; build it with foliot_add_module");
    auto module = std::make_shared<module::Module>();
    module->path = absolute_path(file).string();
    module->name = fs::path(module->path).stem().string();
    module->version = facts.note->version;
    module->build_id = facts.build_id;
    module->identity = module::identity_of(opened.stat, facts.build_id);
    if (module::judge_note(*module, *facts.note)) module::probe(*module, worker_program(), kLimit, interrupts());
    throw_if_interrupted();
    return module;
}

std::shared_ptr<const module::Module> usable_module(const fs::path& file) {
    auto module = examine(file);
    if (module->status != module::Status::ok)
        throw CommandError(file.string() + " cannot be used (" + std::string(module::status_name(module->status)) +
                           "): " + module->problem);
    return module;
}

}  // namespace foliot::cli

// The steps by which a module file is judged: the same for the server's catalogue and for an author's check.
#pragma once

#include "module/catalogue.hpp"
#include "module/elf_note.hpp"
#include "module/file_check.hpp"

#include <filesystem>
#include <string>

namespace foliot::module {

std::string identity_of(const FileStat& stat, const std::string& build_id);

/// What the identity of every file there begins with, whatever was written into it.
std::string place_of(const FileStat& stat);

void set_problem(Module& module, Status status, std::string problem);

/// Everything that the note alone decides; `module.name` is the file's. False: status and problem are set.
bool judge_note(Module& module, const ElfNote& note);

/// Has a child process load the module and describe it, takes its functions; or sets status and problem.
/// It gives up, as at the limit, when the descriptor `give_up` becomes readable.
void probe(Module& module, const std::filesystem::path& worker_program, Micros limit, int give_up = -1,
           const std::optional<process::JobUser>& user = {});

}  // namespace foliot::module

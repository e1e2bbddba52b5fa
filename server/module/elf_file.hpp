// What the dynamic linker would read in a shared object: what it needs, what it shows to others, how it is bound. For
// those who build modules; the server itself only wants the note (elf_note.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace foliot::module {

struct ElfLinkage {
    std::vector<std::string> needed;    ///< DT_NEEDED, in order
    std::vector<std::string> exported;  ///< names of the symbols that others can bind to, sorted
    std::vector<std::string> unique;    ///< those of them that exist once in a process (STB_GNU_UNIQUE)
    bool bind_now = false;              ///< -z now: missing symbols are found at loading
    bool text_relocations = false;      ///< code that must be written to when it is loaded
};

/// Nothing: no shared object for this machine, or its tables cannot be read. Never throws for what the file holds;
/// reads at most a few tens of MiB.
std::optional<ElfLinkage> read_linkage(int fd, std::uint64_t size);

}  // namespace foliot::module

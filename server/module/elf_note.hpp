// What an ELF file says about itself without being loaded. The file is hostile: every offset and size is checked,
// nothing is executed, and what cannot be read as it should be is "not a module".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace foliot::module {

/// The module interface this server speaks (foliot/abi.h).
inline constexpr std::uint16_t kAbiMajor = 1;
inline constexpr std::uint16_t kAbiMinor = 0;

/// The note that the SDK puts into every module: owner "foliot", type 1, u16 major, u16 minor, "name\0version\0".
struct ElfNote {
    bool well_formed = false;  ///< false: the note is there, but its content is not as above
    std::uint16_t major = 0, minor = 0;
    std::string name, version;
};

struct ElfFacts {
    std::optional<ElfNote> note;  ///< nothing: no shared object for this machine, or no module
    std::string build_id;         ///< hex, empty when the file has none
    bool truncated = false;       ///< a shared object for this machine that says it goes on beyond the file's end
};

/// Reads at most a few hundred KiB of `fd` by position; `size` is the file's size. Never throws for what the file
/// holds.
ElfFacts read_elf(int fd, std::uint64_t size);

}  // namespace foliot::module

// Reading an ELF file of this machine by position. The file is hostile: what does not lie inside it is "nothing".
#pragma once

#include <elf.h>
#include <link.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::module::elf {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);
using Section = ElfW(Shdr);

/// `bytes` bytes at `offset`; nothing when the file does not hold all of them.
std::optional<std::string> read_at(int fd, std::uint64_t file_size, std::uint64_t offset, std::uint64_t bytes);

/// Nothing: no shared object for this machine.
bool is_within(std::uint64_t file_size, std::uint64_t offset, std::uint64_t bytes);
std::optional<Header> read_header(int fd, std::uint64_t file_size);

/// The whole ones of `bytes`, copied out: nothing in the file need be aligned.
template <class T>
std::vector<T> items_of(std::string_view bytes) {
    std::vector<T> items(bytes.size() / sizeof(T));
    if (!items.empty()) std::memcpy(items.data(), bytes.data(), items.size() * sizeof(T));
    return items;
}

}  // namespace foliot::module::elf

#include "build_id.hpp"

#include "base/ids.hpp"

#include <link.h>

#include <cstdint>
#include <cstring>
#include <string_view>

namespace foliot::worker {
namespace {

constexpr char kOwner[] = "GNU";  // the note's name has its NUL

struct Search {
    std::uintptr_t address;
    std::string id;
};

std::size_t aligned(std::size_t n) { return (n + 3) & ~std::size_t{3}; }

std::string id_in_notes(const char* at, std::size_t size) {
    while (size >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        std::memcpy(&note, at, sizeof note);
        const std::size_t name_at = sizeof note;
        const std::size_t text_at = name_at + aligned(note.n_namesz);
        const std::size_t whole = text_at + aligned(note.n_descsz);
        if (whole > size) break;
        if (note.n_type == NT_GNU_BUILD_ID &&
            std::string_view(at + name_at, note.n_namesz) == std::string_view(kOwner, sizeof kOwner)) {
            return to_hex({at + text_at, note.n_descsz});
        }
        at += whole;
        size -= whole;
    }
    return {};
}

int look(dl_phdr_info* info, std::size_t, void* data) {
    auto& search = *static_cast<Search*>(data);
    bool ours = false;
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const auto& segment = info->dlpi_phdr[i];
        const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
        ours |= segment.p_type == PT_LOAD && search.address >= begin && search.address < begin + segment.p_memsz;
    }
    for (int i = 0; ours && search.id.empty() && i < info->dlpi_phnum; ++i) {
        const auto& segment = info->dlpi_phdr[i];
        if (segment.p_type != PT_NOTE) continue;
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers
        search.id = id_in_notes(reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr), segment.p_memsz);
    }
    return ours ? 1 : 0;
}

}  // namespace

std::string build_id_at(const void* address) {
    Search search{reinterpret_cast<std::uintptr_t>(address), {}};
    ::dl_iterate_phdr(&look, &search);
    return search.id;
}

}  // namespace foliot::worker

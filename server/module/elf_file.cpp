#include "module/elf_file.hpp"

#include "module/elf_read.hpp"

#include <algorithm>
#include <string_view>

namespace foliot::module {
namespace {

constexpr std::uint64_t kMaxTable = 16U << 20U;  // bytes of one section
constexpr std::size_t kMaxSections = 4096;

#ifndef STB_GNU_UNIQUE
constexpr unsigned STB_GNU_UNIQUE = 10;
#endif

using Symbol = ElfW(Sym);
using Dynamic = ElfW(Dyn);

class Sections {
  public:
    Sections(int fd, std::uint64_t size) : fd_(fd), size_(size) {
        const auto header = elf::read_header(fd, size);
        if (!header || header->e_shentsize != sizeof(elf::Section) || header->e_shnum > kMaxSections) return;
        const auto table = elf::read_at(fd, size, header->e_shoff, header->e_shnum * sizeof(elf::Section));
        if (table) sections_ = elf::items_of<elf::Section>(*table);
    }

    const elf::Section* find(std::uint32_t type) const {
        const auto found = std::ranges::find(sections_, type, &elf::Section::sh_type);
        return found == sections_.end() ? nullptr : &*found;
    }
    std::optional<std::string> content(const elf::Section& section) const {
        if (section.sh_size > kMaxTable) return std::nullopt;
        return elf::read_at(fd_, size_, section.sh_offset, section.sh_size);
    }
    /// The texts that a table refers to.
    std::optional<std::string> texts_of(const elf::Section& section) const {
        if (section.sh_link >= sections_.size() || sections_[section.sh_link].sh_type != SHT_STRTAB)
            return std::nullopt;
        return content(sections_[section.sh_link]);
    }

  private:
    int fd_;
    std::uint64_t size_;
    std::vector<elf::Section> sections_;
};

std::string text_at(std::string_view texts, std::uint64_t offset) {
    if (offset >= texts.size()) return {};
    const std::string_view rest = texts.substr(offset);
    return std::string(rest.substr(0, rest.find('\0')));
}

void take_dynamic(const std::string& table, const std::string& texts, ElfLinkage& linkage) {
    for (const Dynamic& entry : elf::items_of<Dynamic>(table)) {
        const std::uint64_t value = entry.d_un.d_val;
        switch (entry.d_tag) {
            case DT_NULL: return;
            case DT_NEEDED: linkage.needed.push_back(text_at(texts, value)); break;
            case DT_BIND_NOW: linkage.bind_now = true; break;
            case DT_TEXTREL: linkage.text_relocations = true; break;
            case DT_FLAGS:
                linkage.bind_now = linkage.bind_now || (value & DF_BIND_NOW) != 0;
                linkage.text_relocations = linkage.text_relocations || (value & DF_TEXTREL) != 0;
                break;
            case DT_FLAGS_1: linkage.bind_now = linkage.bind_now || (value & DF_1_NOW) != 0; break;
            default: break;
        }
    }
}

void take_symbols(const std::string& table, const std::string& texts, ElfLinkage& linkage) {
    for (const Symbol& symbol : elf::items_of<Symbol>(table)) {
        const unsigned binding = ELF64_ST_BIND(symbol.st_info);
        const unsigned seen_by = ELF64_ST_VISIBILITY(symbol.st_other);
        const bool is_shown = seen_by == STV_DEFAULT || seen_by == STV_PROTECTED;
        if (symbol.st_shndx == SHN_UNDEF || binding == STB_LOCAL || !is_shown) continue;
        std::string name = text_at(texts, symbol.st_name);
        if (name.empty()) continue;
        if (binding == STB_GNU_UNIQUE) linkage.unique.push_back(name);
        linkage.exported.push_back(std::move(name));
    }
    std::ranges::sort(linkage.exported);
}

}  // namespace

std::optional<ElfLinkage> read_linkage(int fd, std::uint64_t size) {
    const Sections sections(fd, size);
    const elf::Section* dynamic = sections.find(SHT_DYNAMIC);
    const elf::Section* symbols = sections.find(SHT_DYNSYM);
    if (dynamic == nullptr || symbols == nullptr) return std::nullopt;
    const auto entries = sections.content(*dynamic), entry_texts = sections.texts_of(*dynamic);
    const auto names = sections.content(*symbols), name_texts = sections.texts_of(*symbols);
    if (!entries || !entry_texts || !names || !name_texts) return std::nullopt;
    ElfLinkage linkage;
    take_dynamic(*entries, *entry_texts, linkage);
    take_symbols(*names, *name_texts, linkage);
    return linkage;
}

}  // namespace foliot::module

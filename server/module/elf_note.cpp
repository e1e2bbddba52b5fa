#include "module/elf_note.hpp"

#include "base/ids.hpp"
#include "module/elf_read.hpp"

#include <cstring>
#include <string_view>

namespace foliot::module {
namespace {

constexpr std::uint64_t kMaxNoteBytes = 64U << 10U;  // of one segment; real ones have a few hundred bytes
constexpr std::size_t kMaxSegments = 128;
constexpr std::uint32_t kNoteType = 1;
constexpr std::string_view kNoteOwner{"foliot\0", 7};
constexpr std::string_view kGnuOwner{"GNU\0", 4};

/// Cuts a NUL-terminated text off the front of `from`.
std::optional<std::string> take_text(std::string_view& from) {
    const std::size_t end = from.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    std::string text(from.substr(0, end));
    from.remove_prefix(end + 1);
    return text;
}

ElfNote parse_payload(std::string_view payload) {
    ElfNote note;
    if (payload.size() < 2 * sizeof(std::uint16_t)) return note;
    std::memcpy(&note.major, payload.data(), sizeof note.major);
    std::memcpy(&note.minor, payload.data() + sizeof note.major, sizeof note.minor);
    payload.remove_prefix(2 * sizeof(std::uint16_t));
    std::optional<std::string> name = take_text(payload);
    std::optional<std::string> version = name ? take_text(payload) : std::nullopt;
    if (!version || name->empty() || version->empty()) return note;
    note.name = std::move(*name);
    note.version = std::move(*version);
    note.well_formed = true;
    return note;
}

std::uint64_t padded(std::uint64_t size, std::uint64_t alignment) {
    return (size + alignment - 1) / alignment * alignment;
}

/// `alignment` holds for positions in the segment: of each payload and of each following note.
void walk_notes(std::string_view segment, std::uint64_t alignment, ElfFacts& facts) {
    std::uint64_t at = 0;
    while (at <= segment.size() && segment.size() - at >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) head;
        std::memcpy(&head, segment.data() + at, sizeof head);
        const std::uint64_t owner_at = at + sizeof head;
        const std::uint64_t payload_at = padded(owner_at + head.n_namesz, alignment);  // no overflow: 64 KiB + 4 GiB
        if (payload_at > segment.size() || head.n_descsz > segment.size() - payload_at) return;
        const std::string_view owner = segment.substr(owner_at, head.n_namesz);
        const std::string_view payload = segment.substr(payload_at, head.n_descsz);
        if (owner == kNoteOwner && head.n_type == kNoteType && !facts.note) facts.note = parse_payload(payload);
        if (owner == kGnuOwner && head.n_type == NT_GNU_BUILD_ID) facts.build_id = to_hex(payload.substr(0, 64));
        at = padded(payload_at + head.n_descsz, alignment);
    }
}

}  // namespace

ElfFacts read_elf(int fd, std::uint64_t size) {
    ElfFacts facts;
    const std::optional<elf::Header> header = elf::read_header(fd, size);
    if (!header || header->e_phnum > kMaxSegments) return facts;
    const auto table = elf::read_at(fd, size, header->e_phoff, header->e_phnum * sizeof(elf::Segment));
    // Linkers put the table of sections last, so it tells of a lack that no segment shows.
    const std::uint64_t sections = std::uint64_t{header->e_shnum} * header->e_shentsize;
    facts.truncated = !table || (header->e_shoff != 0 && !elf::is_within(size, header->e_shoff, sections));
    if (!table) return facts;
    for (const elf::Segment& segment : elf::items_of<elf::Segment>(*table)) {
        facts.truncated = facts.truncated || !elf::is_within(size, segment.p_offset, segment.p_filesz);
        if (segment.p_type != PT_NOTE || segment.p_filesz > kMaxNoteBytes) continue;
        if (const auto notes = elf::read_at(fd, size, segment.p_offset, segment.p_filesz))
            walk_notes(*notes, segment.p_align == 8 ? 8 : 4, facts);
    }
    return facts;
}

}  // namespace foliot::module

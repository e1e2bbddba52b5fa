#include "module/elf_note.hpp"

#include "base/fd.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <regex>

using namespace foliot;
using module::ElfFacts;

namespace {

using Bytes = std::string;

template <class T>
void put(Bytes& to, const T& value) {
    to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void pad(Bytes& bytes, std::size_t alignment) {
    while (bytes.size() % alignment != 0) bytes += '\0';
}

Bytes note(const Bytes& owner, std::uint32_t type, const Bytes& payload, std::size_t alignment = 4) {
    Bytes bytes;
    put(bytes, ElfW(Nhdr){static_cast<ElfW(Word)>(owner.size()), static_cast<ElfW(Word)>(payload.size()), type});
    bytes += owner;
    pad(bytes, alignment);
    bytes += payload;
    pad(bytes, alignment);
    return bytes;
}

Bytes payload(std::uint16_t major, std::uint16_t minor, const Bytes& texts) {
    Bytes bytes;
    put(bytes, major);
    put(bytes, minor);
    return bytes += texts;
}

const Bytes kOwner("foliot\0", 7);
const Bytes kTexts(
    "mail\0"
    "1.2\0",
    9);

/// A file that holds nothing but headers and these note segments, for the machine that this test runs on.
Bytes elf(const std::vector<Bytes>& segments, std::size_t alignment = 4) {
    ElfW(Ehdr) header{};
    const Bytes self = [] {
        std::ifstream in("/proc/self/exe", std::ios::binary);
        Bytes head(sizeof(ElfW(Ehdr)), '\0');
        in.read(head.data(), static_cast<std::streamsize>(head.size()));
        return head;
    }();
    std::memcpy(&header, self.data(), sizeof header);
    header.e_type = ET_DYN;
    header.e_phoff = sizeof header;
    header.e_phnum = static_cast<ElfW(Half)>(segments.size());
    Bytes bytes;
    put(bytes, header);
    std::size_t offset = sizeof header + segments.size() * sizeof(ElfW(Phdr));
    for (const Bytes& segment : segments) {
        ElfW(Phdr) entry{};
        entry.p_type = PT_NOTE;
        entry.p_offset = offset;
        entry.p_filesz = segment.size();
        entry.p_align = alignment;
        put(bytes, entry);
        offset += segment.size();
    }
    for (const Bytes& segment : segments) bytes += segment;
    return bytes;
}

struct Setup {
    testing::TempDir dir;
    ElfFacts read(const Bytes& bytes) const {
        const auto file = dir / "x.so";
        std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
        const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        return module::read_elf(fd.get(), bytes.size());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(elf_note, Setup)

BOOST_AUTO_TEST_CASE(the_note_and_the_build_id_are_found_among_other_notes) {
    for (const std::size_t alignment : {4U, 8U}) {
        Bytes first = note(Bytes("GNU\0", 4), 5, "property", alignment);
        first.append(note(Bytes("GNU\0", 4), NT_GNU_BUILD_ID, "\x01\xab\xff", alignment));
        const ElfFacts facts = read(elf({first, note(kOwner, 1, payload(1, 7, kTexts), alignment)}, alignment));
        BOOST_TEST(facts.build_id == "01abff");
        BOOST_REQUIRE(facts.note.has_value());
        BOOST_TEST(facts.note->well_formed);
        BOOST_TEST(facts.note->major == 1U);
        BOOST_TEST(facts.note->minor == 7U);
        BOOST_TEST(facts.note->name == "mail");
        BOOST_TEST(facts.note->version == "1.2");
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_module_for_this_machine_is_told_by_its_header) {
    const Bytes good = elf({note(kOwner, 1, payload(1, 0, kTexts))});
    BOOST_TEST(read(good).note.has_value());
    const auto changed = [&](std::size_t offset, char value) {
        Bytes bytes = good;
        bytes[offset] = value;
        return read(bytes).note.has_value();
    };
    BOOST_TEST(!changed(0, 'X'));
    BOOST_TEST(!changed(EI_CLASS, ELFCLASS32));
    BOOST_TEST(!changed(EI_DATA, ELFDATA2MSB));
    BOOST_TEST(!changed(offsetof(ElfW(Ehdr), e_type), ET_EXEC));
    BOOST_TEST(!changed(offsetof(ElfW(Ehdr), e_machine), EM_386));
    BOOST_TEST(!changed(offsetof(ElfW(Ehdr), e_phentsize), 1));
    BOOST_TEST(!read("").note.has_value());
    BOOST_TEST(!read("#!/bin/sh\n").note.has_value());
    BOOST_TEST(!read(elf({})).note.has_value());
    BOOST_TEST(!read(elf({note(Bytes("other\0", 6), 1, payload(1, 0, kTexts))})).note.has_value());
    BOOST_TEST(!read(elf({note(kOwner, 2, payload(1, 0, kTexts))})).note.has_value());
}

BOOST_AUTO_TEST_CASE(a_note_with_broken_content_is_a_note_but_not_well_formed) {
    const Bytes bad[] = {"",
                         "\1",
                         payload(1, 0, ""),
                         payload(1, 0, "mail"),
                         payload(1, 0, Bytes("mail\0", 5)),
                         payload(1, 0,
                                 Bytes("mail\0"
                                       "1.2",
                                       8)),
                         payload(1, 0,
                                 Bytes("\0"
                                       "1.2\0",
                                       5)),
                         payload(1, 0, Bytes("mail\0\0", 6))};
    for (const Bytes& content : bad) {
        const ElfFacts facts = read(elf({note(kOwner, 1, content)}));
        BOOST_REQUIRE(facts.note.has_value());
        BOOST_TEST(!facts.note->well_formed);
    }
}

BOOST_AUTO_TEST_CASE(sizes_and_offsets_beyond_the_file_are_not_followed) {
    const Bytes good = elf({note(kOwner, 1, payload(1, 0, kTexts))});
    const std::size_t entry = sizeof(ElfW(Ehdr)), head = entry + sizeof(ElfW(Phdr));
    const auto with = [&](std::size_t offset, std::uint64_t value, std::size_t width) {
        Bytes bytes = good;
        std::memcpy(bytes.data() + offset, &value, width);
        return read(bytes).note.has_value();
    };
    for (const std::uint64_t huge : {~0ULL, ~0ULL - 7, 1ULL << 63U, 1ULL << 40U, 0x7fffffffffffffffULL}) {
        BOOST_TEST(!with(offsetof(ElfW(Ehdr), e_phoff), huge, 8));
        BOOST_TEST(!with(entry + offsetof(ElfW(Phdr), p_offset), huge, 8));
        BOOST_TEST(!with(entry + offsetof(ElfW(Phdr), p_filesz), huge, 8));
    }
    for (const std::uint64_t huge : {0xffffffffULL, 0xfffffffdULL, 0x80000000ULL}) {
        BOOST_TEST(!with(head + offsetof(ElfW(Nhdr), n_namesz), huge, 4));
        BOOST_TEST(!with(head + offsetof(ElfW(Nhdr), n_descsz), huge, 4));
    }
    BOOST_TEST(!with(offsetof(ElfW(Ehdr), e_phnum), 0xffff, 2));
}

BOOST_AUTO_TEST_CASE(no_cut_and_no_flipped_byte_hurts) {
    const Bytes good =
        elf({note(Bytes("GNU\0", 4), NT_GNU_BUILD_ID, "12345678"), note(kOwner, 1, payload(1, 0, kTexts))});
    for (std::size_t n = 0; n < good.size(); ++n) {
        read(good.substr(0, n));
        for (const int flip : {0x01, 0x80, 0xff}) {
            Bytes bytes = good;
            bytes[n] = static_cast<char>(bytes[n] ^ flip);
            read(bytes);
        }
    }
    BOOST_TEST(read(good).note.has_value());
}

BOOST_AUTO_TEST_CASE(a_real_module_survives_truncation_and_corruption_at_any_place) {
    const Bytes good = read_file(FOLIOT_FIXTURES_DIR "/tasks.so");
    const ElfFacts whole = read(good);
    BOOST_REQUIRE(whole.note.has_value());
    BOOST_TEST(whole.note->name == "tasks");
    BOOST_TEST(whole.build_id.size() == 40U);
    const std::size_t headers = std::min<std::size_t>(good.size(), 2048);  // where the tables and notes are
    for (std::size_t n = 0; n < headers; n += 3) {
        Bytes bytes = good.substr(0, std::min<std::size_t>(good.size(), 8192));
        bytes[n] = static_cast<char>(bytes[n] ^ 0xff);
        read(bytes);
    }
    for (std::size_t n = 0; n < good.size(); n += good.size() / 200 + 1) read(good.substr(0, n));
}

BOOST_AUTO_TEST_CASE(the_interface_version_is_the_one_of_the_sdk) {
    const std::string header = read_file(FOLIOT_SOURCE_DIR "/plugin_sdk/include/foliot/abi.h");
    const auto defined = [&](const std::string& name) {
        std::smatch found;
        BOOST_REQUIRE(std::regex_search(header, found, std::regex("#define " + name + "\\s+([0-9]+)")));
        return std::stoi(found[1]);
    };
    BOOST_TEST(defined("FOLIOT_ABI_MAJOR") == module::kAbiMajor);
    BOOST_TEST(defined("FOLIOT_ABI_MINOR") == module::kAbiMinor);
}

BOOST_AUTO_TEST_SUITE_END()

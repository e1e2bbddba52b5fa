#include "module/elf_file.hpp"

#include "base/fd.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

using foliot::Fd;
using foliot::module::ElfLinkage;
using foliot::module::read_linkage;

namespace {

Fd file_of(const std::string& bytes) {
    Fd file(::memfd_create("elf", MFD_CLOEXEC));
    BOOST_REQUIRE(foliot::write_all(file.get(), bytes));
    return file;
}

std::optional<ElfLinkage> linkage_of(const std::string& bytes) {
    return read_linkage(file_of(bytes).get(), bytes.size());
}

void put(const Fd& file, std::size_t at, char byte) {
    BOOST_REQUIRE(::pwrite(file.get(), &byte, 1, static_cast<off_t>(at)) == 1);
}

std::string fixture(const std::string& name) { return foliot::read_file(FOLIOT_FIXTURES_DIR "/" + name + ".so"); }

bool holds(const std::vector<std::string>& names, const std::string& part) {
    return std::ranges::any_of(names, [&](const std::string& name) { return name.find(part) != std::string::npos; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(elf_linkage)

BOOST_AUTO_TEST_CASE(a_module_of_the_sdk_is_bound_at_once_and_shows_its_entry_alone) {
    const auto linkage = linkage_of(fixture("tasks"));
    BOOST_REQUIRE(linkage);
    BOOST_TEST(linkage->bind_now);
    BOOST_TEST(!linkage->text_relocations);
    BOOST_TEST(linkage->exported == std::vector<std::string>{"foliot_module_v1"}, boost::test_tools::per_element());
    BOOST_TEST(linkage->unique.empty());
    BOOST_TEST(holds(linkage->needed, "libc.so"));
}

BOOST_AUTO_TEST_CASE(a_module_that_is_linked_badly_is_seen_to_be) {
    const auto linkage = linkage_of(fixture("links_badly"));
    BOOST_REQUIRE(linkage);
    BOOST_TEST(!linkage->bind_now);
    BOOST_TEST(holds(linkage->exported, "shown_to_others"));
    BOOST_TEST(holds(linkage->unique, "shared_with_others"));
    BOOST_TEST(std::ranges::is_sorted(linkage->exported));
}

BOOST_AUTO_TEST_CASE(what_is_no_shared_object_has_no_linkage) {
    BOOST_TEST(!linkage_of(""));
    BOOST_TEST(!linkage_of("#!/bin/sh\n"));
    BOOST_TEST(!linkage_of(fixture("tasks").substr(0, 64)));
}

BOOST_AUTO_TEST_CASE(a_file_cut_anywhere_or_with_any_byte_of_its_tables_changed_does_no_harm) {
    const std::string good = fixture("tasks");
    const Fd file = file_of(good);
    const std::size_t sections = good.size() - std::min<std::size_t>(good.size(), 64 * 40);
    for (const std::size_t from : {std::size_t{0}, sections}) {
        for (std::size_t at = from; at < std::min(from + 2560, good.size()); at += 3) {
            for (const char value : {'\0', '\x7f', '\xff'}) {
                put(file, at, value);
                read_linkage(file.get(), good.size());
            }
            put(file, at, good[at]);
        }
    }
    const std::size_t step = good.size() / 97 + 1;
    for (std::size_t size = good.size(); size > step; size -= step) {
        BOOST_REQUIRE(::ftruncate(file.get(), static_cast<off_t>(size)) == 0);
        read_linkage(file.get(), size);
    }
    BOOST_TEST(!linkage_of(""));
}

BOOST_AUTO_TEST_SUITE_END()

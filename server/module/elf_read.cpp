#include "module/elf_read.hpp"

#include <unistd.h>

#include <bit>
#include <cerrno>

namespace foliot::module::elf {
namespace {

#if defined(__x86_64__)
constexpr std::uint16_t kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t kMachine = EM_AARCH64;
#else
#error "tell which e_machine modules have on this processor"
#endif

bool is_shared_object_for_us(const Header& header) {
    constexpr unsigned char kClass = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
    constexpr unsigned char kData = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;
    return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_ident[EI_CLASS] == kClass &&
           header.e_ident[EI_DATA] == kData && header.e_type == ET_DYN && header.e_machine == kMachine &&
           header.e_phentsize == sizeof(Segment);
}

}  // namespace

bool is_within(std::uint64_t file_size, std::uint64_t offset, std::uint64_t bytes) {
    return offset <= file_size && bytes <= file_size - offset;
}

std::optional<std::string> read_at(int fd, std::uint64_t file_size, std::uint64_t offset, std::uint64_t bytes) {
    if (!is_within(file_size, offset, bytes)) return std::nullopt;
    std::string out(bytes, '\0');
    std::size_t have = 0;
    while (have < out.size()) {
        const ssize_t n = ::pread(fd, out.data() + have, out.size() - have, static_cast<off_t>(offset + have));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return std::nullopt;  // an I/O error, or truncated since it was measured
        have += static_cast<std::size_t>(n);
    }
    return out;
}

std::optional<Header> read_header(int fd, std::uint64_t file_size) {
    const std::optional<std::string> head = read_at(fd, file_size, 0, sizeof(Header));
    if (!head) return std::nullopt;
    const Header header = items_of<Header>(*head).front();
    return is_shared_object_for_us(header) ? std::optional(header) : std::nullopt;
}

}  // namespace foliot::module::elf

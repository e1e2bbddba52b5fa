// File descriptors that close themselves.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace foliot {

/// Owns one file descriptor; -1 is none. Move-only.
class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) noexcept : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept;
    ~Fd() { reset(); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void reset(int fd = -1) noexcept;

  private:
    int fd_ = -1;
};

struct FdPair {
    Fd ours, theirs;
};

/// AF_UNIX stream pair, both ends CLOEXEC, ours non-blocking. Throws std::system_error.
FdPair make_socket_pair();
/// The same to tell somebody who is not trusted: ours only sends. Nothing of theirs gets in, descriptors neither: to
/// let go of one can take as long as they like (SO_LINGER). Who is to be heard gets a pipe.
FdPair make_order_socket();
/// Pipe, both ends CLOEXEC; ours is the read end, non-blocking. Throws std::system_error.
FdPair make_output_pipe();

/// Writes all of it, waiting for room as needed; false when the other side is gone (EPIPE, ECONNRESET).
/// Throws std::system_error otherwise. SIGPIPE must be blocked or ignored.
bool write_all(int fd, std::string_view bytes);

/// One read of at most `into.size()` bytes. >0 bytes read; 0 end of file or connection reset; -1 nothing there now.
/// Retries EINTR; throws std::system_error for anything else.
std::ptrdiff_t read_some(int fd, std::span<char> into);

/// The whole file; throws std::system_error. For small files of our own.
std::string read_file(const std::string& path);

/// Writes a new file with exactly these permissions by rename over `path`; file and name are on the disk then. Throws
/// std::system_error.
void write_file_atomically(const std::string& path, std::string_view content, unsigned mode);

}  // namespace foliot

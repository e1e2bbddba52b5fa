#include "base/fd.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace foliot {

Fd& Fd::operator=(Fd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
}

void Fd::reset(int fd) noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
}

namespace {

void set_nonblocking(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) throw_errno("fcntl(O_NONBLOCK)");
}

}  // namespace

FdPair make_socket_pair() {
    std::array<int, 2> fds{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) throw_errno("socketpair");
    FdPair pair{Fd(fds[0]), Fd(fds[1])};
    set_nonblocking(pair.ours.get());
    return pair;
}

FdPair make_order_socket() {
    FdPair pair = make_socket_pair();
    if (::shutdown(pair.ours.get(), SHUT_RD) != 0) throw_errno("shutdown");
    return pair;
}

FdPair make_output_pipe() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) throw_errno("pipe2");
    FdPair pair{Fd(fds[0]), Fd(fds[1])};
    set_nonblocking(pair.ours.get());
    return pair;
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {
            pollfd p{fd, POLLOUT, 0};
            ::poll(&p, 1, -1);
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return false;
        } else if (errno != EINTR) {
            throw_errno("write");
        }
    }
    return true;
}

std::ptrdiff_t read_some(int fd, std::span<char> into) {
    for (;;) {
        const ssize_t n = ::read(fd, into.data(), into.size());
        if (n >= 0) return n;
        if (errno == EAGAIN) return -1;
        if (errno == ECONNRESET) return 0;
        if (errno != EINTR) throw_errno("read");
    }
}

std::string read_file(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) throw_errno("open " + path);
    std::string text;
    std::array<char, 4096> buffer{};
    for (std::ptrdiff_t n = 0; (n = read_some(fd.get(), buffer)) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(n));
    return text;
}

namespace {

/// A name lasts only when its folder is on the disk, too (fsync(2)).
void sync_folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) throw_errno("open " + folder);
    if (::fsync(fd.get()) != 0 && errno != EINVAL) throw_errno("fsync " + folder);  // not every file system can
}

}  // namespace

void write_file_atomically(const std::string& path, std::string_view content, unsigned mode) {
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str());
    {
        const Fd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
        if (!fd) throw_errno("create " + fresh);
        if (::fchmod(fd.get(), static_cast<mode_t>(mode)) != 0) throw_errno("chmod " + fresh);
        write_all(fd.get(), content);
        if (::fsync(fd.get()) != 0) throw_errno("fsync " + fresh);
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) throw_errno("rename to " + path);
    sync_folder_of(path);
}

}  // namespace foliot

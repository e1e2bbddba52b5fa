// The processes that the fixture run_scatters starts, seen through the FIFO that all of them hold.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

namespace foliot::testing {

class Scattered {
  public:
    static constexpr int kProcesses = 5 + 32;

    explicit Scattered(std::filesystem::path fifo) : path_(std::move(fifo)) {
        if (::mkfifo(path_.c_str(), 0600) != 0 || ::chmod(path_.c_str(), 0666) != 0) throw_errno("mkfifo");
        read_end_.reset(::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
        if (!read_end_) throw_errno("open " + path_.string());
    }
    std::string kwargs(bool end = false) const {
        return R"({"path":")" + path_.string() + R"(","end":)" + (end ? "true" : "false") + "}";
    }
    /// All of them are there.
    bool all_there() {
        std::array<char, 256> bytes{};
        const ssize_t got = ::read(read_end_.get(), bytes.data(), bytes.size());
        there_ += static_cast<int>(std::max<ssize_t>(0, got));
        return there_ >= kProcesses;
    }
    /// The last has ended (a zombie holds nothing). Asked only after all_there().
    bool all_gone() const {
        pollfd end{read_end_.get(), POLLIN, 0};
        ::poll(&end, 1, 0);
        return (end.revents & POLLHUP) != 0;
    }

  private:
    std::filesystem::path path_;
    Fd read_end_;
    int there_ = 0;
};

}  // namespace foliot::testing

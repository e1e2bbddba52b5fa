// What a test makes the server's parts log.
#pragma once

#include "base/fd.hpp"
#include "base/log.hpp"

#include <unistd.h>

#include <array>
#include <string>

namespace foliot::testing {

/// Standard error goes into a pipe while this lives.
class CapturedError {
  public:
    CapturedError() : pipe_(make_output_pipe()), saved_(::dup(STDERR_FILENO)) {
        ::dup2(pipe_.theirs.get(), STDERR_FILENO);
    }
    ~CapturedError() {
        ::dup2(saved_.get(), STDERR_FILENO);
        log::configure({});
    }
    std::string text() const {
        std::string all;
        std::array<char, 4096> buffer{};
        for (std::ptrdiff_t n = 0; (n = read_some(pipe_.ours.get(), buffer)) > 0;)
            all.append(buffer.data(), static_cast<std::size_t>(n));
        return all;
    }

  private:
    FdPair pipe_;
    Fd saved_;
};

}  // namespace foliot::testing

#include "channel.hpp"

#include "base/fd.hpp"
#include "exit_codes.hpp"

#include <unistd.h>

#include <cstdio>
#include <exception>

namespace foliot::worker {

bool Channel::send(std::string_view frames) noexcept {
    if (frames.empty()) return true;
    const std::lock_guard lock(mutex_);
    try {
        return write_all(fd_, frames);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "foliot-worker: descriptor %d to the server is broken: %s\n", fd_, e.what());
        ::_exit(kChannelBroken);
    }
}

}  // namespace foliot::worker

#pragma once

#include <mutex>
#include <string_view>

namespace foliot::worker {

/// The sending side of a pipe to the server. Thread-safe: whole frames stay whole. A server that is gone swallows what
/// is sent, which is told; a descriptor that no longer works (job code closed it) ends the process with kChannelBroken.
class Channel {
  public:
    explicit Channel(int fd) : fd_(fd) {}
    bool send(std::string_view frames) noexcept;  ///< false: the server is gone

  private:
    int fd_;
    std::mutex mutex_;
};

}  // namespace foliot::worker

// Answers that go on: how many there may be, and how one is sent.
#pragma once

#include "api/http/guard.hpp"
#include "api/http/streamed_body.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace foliot::api {

/// Each keeps a thread: all together may have a quarter of them, one account half of that. Thread-safe.
class StreamPlaces {
  public:
    explicit StreamPlaces(int threads);

    /// Held while it streams; given back when it goes. Null: there is none left.
    using Place = std::shared_ptr<const void>;
    Place take(std::int64_t account);

  private:
    void give_back(std::int64_t account);

    const int most_, most_of_one_;
    std::mutex mutex_;
    int taken_ = 0;
    std::map<std::int64_t, int> of_account_;
};

/// Sends the body after its head, until it ends, its client does not take it or leaves, the server stops, or
/// `still_allowed`, asked at each `heartbeat`, says no. `chunked`: as HTTP/1.1 wants it; else the connection's end is
/// its end.
void send_stream(GuardedSocket& guard, StreamedBody& body, bool chunked, const Clock& clock, Micros heartbeat,
                 const std::function<bool()>& still_allowed);

}  // namespace foliot::api

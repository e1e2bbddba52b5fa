// Tells the service manager how this server is. Made only where there is one that listens (service_manager.hpp).
#pragma once

#include "app/service_manager.hpp"
#include "base/later.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace foliot::app {

/// One thread uses it, but for changed().
class Herald {
  public:
    /// Asked from ready() to stopping(), on threads of the herald.
    struct Server {
        std::function<std::string()> state;  ///< in one line
        /// Has everything turned since this was asked last? May wait for what does not.
        std::function<bool()> alive;
    };
    /// From now on the manager waits for the start, as long as that gets somewhere: as long as this process uses its
    /// processor, be it for minutes.
    explicit Herald(Server server);

    /// The server is ready. Its state is told when it changes, at most once a second, and where the manager wants signs
    /// of life there are six in its time, as long as the server is alive.
    void ready();
    void changed() { state_.ask(); }  ///< the state may be another one; any thread
    void stopping(Micros limit);      ///< it may take so long

  private:
    void extend_start();
    void tell_state();
    void watch();

    const Server server_;
    std::mutex mutex_;
    bool ready_ = false;  // guarded by mutex_, as is the next one
    std::string said_;
    Micros used_ = 0;  ///< processor time, when the start was extended last
    std::optional<Later> start_, sign_;
    Later state_;  // last: it calls back
};

/// While it exists the server reads its configuration anew.
class ReloadNotice {
  public:
    ReloadNotice();
    ~ReloadNotice();
    ReloadNotice(const ReloadNotice&) = delete;
    ReloadNotice& operator=(const ReloadNotice&) = delete;
};

}  // namespace foliot::app

// The open connections and what each of them does: for an orderly stop, and for taking a thread from who leaves it
// idle.
#pragma once

#include "base/clock.hpp"

#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>

namespace foliot::api {

/// Thread-safe. Holds descriptors, does not own them: remove() comes before close(), so that a shutdown() here never
/// meets a descriptor that is already somebody else's.
class Connections {
    enum class Phase { idle, silent, queued, busy, ending };
    struct Entry {
        int fd;
        Phase phase;
        Micros since;  ///< of idle: begin of the wait; of others: the accept
    };

  public:
    using Place = std::list<Entry>::iterator;
    /// So long a client may take for its first byte although others wait for the thread.
    static constexpr Micros kPatience = 500 * kMillisecond;

    Connections(int threads, const Clock& clock) : threads_(static_cast<std::size_t>(threads)), clock_(clock) {}

    /// A new connection, not served yet. When it has to wait for a thread, the one that is idle longest is ended.
    Place add(int fd);
    void remove(Place place);
    /// Told by the connection's thread around its wait for a request (`first`: of this connection). False: the server
    /// stops, do not wait. Who waits may see the end of its input at any time.
    bool begin_wait(Place place, bool first);
    /// Asked in such a wait: true when another connection needs the thread more; end then.
    bool give_way(Place place);
    void end_wait(Place place, bool came);
    /// Its last answer is about to be sent: the thread is as good as free.
    void begin_end(Place place);
    /// False when threads are scarce or the server stops: answer, then close.
    bool may_keep_alive() const;

    /// Ends those that only wait, gently: a request that has already arrived is still read.
    void begin_stop();
    void wait_until_none(Micros limit);
    void cut();

  private:
    bool too_many() const { return entries_.size() - ending_ > threads_; }
    void shed(Micros now);
    void set_phase(Entry& entry, Phase phase);

    const std::size_t threads_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable none_;
    std::list<Entry> entries_;
    std::size_t queued_ = 0, ending_ = 0;
    bool stopping_ = false;
};

}  // namespace foliot::api

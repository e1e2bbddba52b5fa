// The open connections and what each of them waits for: for an orderly stop, for taking a thread from who leaves it
// idle, and for a limit on what one client holds.
#pragma once

#include "base/clock.hpp"

#include <condition_variable>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <string>

namespace foliot::api {

/// What a connection's thread waits for from its client. When threads are scarce, the first kind gives way first.
/// Leftovers: what is still on its way to a connection that has had its last answer.
enum class Wait { leftovers, next_request, first_request, rest_of_request, room_for_answer };

/// Thread-safe. Holds descriptors, does not own them: remove() comes before close(), so that a shutdown() here never
/// meets a descriptor that is already somebody else's.
class Connections {
    enum class Phase { queued, waiting, busy, ending };
    struct Entry {
        int fd;
        Phase phase;
        Wait wait;
        Micros since;  ///< as if the client had been waited for without a break
        bool streams;  ///< its answer goes on
        std::map<std::string, int>::iterator network;
    };

  public:
    using Place = std::list<Entry>::iterator;
    /// So long a client is waited for although others need the thread: in one request, all waits for it together, those
    /// for the answer included. However fast it sends: 64 clients that take their time must not have all the threads.
    /// Between two requests, and after its last answer, it has no such time.
    static constexpr Micros kPatience = 500 * kMillisecond;
    /// The time in the queue counts, too, or many slow clients would have the threads one after the other; but so much
    /// is left for what is on its way.
    static constexpr Micros kLeastPatience = 10 * kMillisecond;

    Connections(int threads, int per_address, const Clock& clock)
        : threads_(static_cast<std::size_t>(threads)), per_address_(per_address), clock_(clock) {}

    /// Has this address as many connections as one may have? Of an IPv6 address the network (/64) counts.
    bool has_enough(const std::string& address) const;
    /// A new connection, not served yet. When it has to wait for a thread, one that keeps a thread waiting is ended.
    Place add(int fd, const std::string& address);
    void remove(Place place);
    /// Ends one that can be spared, whether threads are scarce or not: there are no more descriptors.
    void make_room();
    /// Told by the connection's thread around a wait. `since`: how long the client has been waited for in this request,
    /// as an instant. False: the server stops, do not wait.
    /// Whoever waits may see its socket end at any time.
    bool begin_wait(Place place, Wait wait, Micros since);
    /// Asked in such a wait: true when another connection needs the thread more; end then.
    bool give_way(Place place);
    /// `came`: what it waited for. True: it was ended meanwhile and must not go on. (A new request is served even so.)
    bool end_wait(Place place, bool came);
    /// Its last answer is about to be sent: the thread is as good as free.
    void begin_end(Place place);
    /// From now on it gets one answer that goes on, and is not idle while there is nothing to tell. False: the server
    /// stops.
    bool begin_stream(Place place);
    /// False when threads are scarce or the server stops: answer, then close.
    bool may_keep_alive() const;

    struct Numbers {
        std::size_t queued = 0;     ///< accepted, not served yet
        std::size_t served = 0;     ///< that have a thread
        std::size_t streaming = 0;  ///< of these: their answers go on
    };
    Numbers numbers() const;

    /// Ends those that only wait for a request, gently: one that has already arrived is still read. And those that
    /// stream.
    void begin_stop();
    void wait_until_none(Micros limit);
    void cut();

  private:
    bool too_many() const { return entries_.size() - ending_ > threads_; }
    void shed(Micros now);
    void set_phase(Entry& entry, Phase phase);
    static bool is_idle(const Entry& entry);
    static bool may_bring_request(Wait wait) { return wait == Wait::next_request || wait == Wait::first_request; }

    const std::size_t threads_;
    const int per_address_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable none_;
    std::list<Entry> entries_;
    std::map<std::string, int> networks_;  ///< connections of each
    std::size_t queued_ = 0, ending_ = 0;
    bool stopping_ = false;
};

}  // namespace foliot::api

// The supervisor on a thread of its own.
#include "base/log.hpp"
#include "runner/supervisor.hpp"

#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace foliot::runner {

namespace {

class ThreadRunner final : public Runner {
  public:
    ThreadRunner(const Options& options, const Clock& clock, process::Ledger& ledger, std::function<void()> notify)
        : supervisor_(options, clock, ledger), notify_(std::move(notify)), thread_([this] { loop(); }) {}

    ~ThreadRunner() override {
        {
            const std::lock_guard lock(mutex_);
            ending_ = true;
            supervisor_.shut_down(0);
            supervisor_.wake();
        }
        thread_.join();
    }

    void submit(std::vector<RunOrder> orders) override {
        const std::lock_guard lock(mutex_);
        supervisor_.submit(std::move(orders));
        if (supervisor_.has_news()) supervisor_.wake();
    }
    void stop(RunId run, StopWhy why) override {
        const std::lock_guard lock(mutex_);
        supervisor_.stop(run, why);
    }
    Collected collect() override {
        const std::lock_guard lock(mutex_);
        told_ = false;
        return supervisor_.collect();
    }
    void replace_workers(const std::set<std::string>& modules) override {
        const std::lock_guard lock(mutex_);
        supervisor_.replace_workers(modules);
    }
    void shut_down(Micros wait) override {
        const std::lock_guard lock(mutex_);
        supervisor_.shut_down(wait);
    }
    bool idle() const override {
        const std::lock_guard lock(mutex_);
        return supervisor_.idle();
    }
    Census census() const override {
        const std::lock_guard lock(mutex_);
        return supervisor_.census();
    }
    void nudge() override { supervisor_.wake(); }
    std::uint64_t beats() const override { return beats_; }
    std::optional<OutputPiece> look(RunId run, const OutputPosition& seen) const override {
        const std::lock_guard lock(mutex_);
        return supervisor_.look(run, seen);
    }

  private:
    void loop() {
        ::pthread_setname_np(::pthread_self(), "supervisor");
        Supervisor::Ready ready;
        std::unique_lock lock(mutex_);
        while (!ending_ || supervisor_.workers() > 0) {
            const std::optional<Micros> patience = supervisor_.patience();
            const bool news = supervisor_.has_news() && !told_;
            told_ = told_ || news;
            lock.unlock();
            if (news) notify_();
            supervisor_.wait(patience, ready);
            lock.lock();
            supervisor_.handle(ready);
            ++beats_;
        }
    }

    mutable std::mutex mutex_;
    std::atomic<std::uint64_t> beats_{0};
    Supervisor supervisor_;  // guarded by mutex_, but for wait() and wake()
    std::function<void()> notify_;
    bool ending_ = false;  // guarded by mutex_
    bool told_ = false;    // guarded by mutex_: notify was called, collect was not
    std::thread thread_;
};

}  // namespace

std::vector<std::string> worker_environment() {
    std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"};
    for (const char* name : {"TZ", "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (const char* value = std::getenv(name)) environment.push_back(std::string(name) + "=" + value);
    }
    return environment;
}

std::unique_ptr<Runner> start_runner(const Options& options, const Clock& clock, process::Ledger& ledger,
                                     std::function<void()> notify) {
    process::become_subreaper();  // what jobs leave behind comes to us, and is killed when their worker has died
    return std::make_unique<ThreadRunner>(options, clock, ledger, std::move(notify));
}

}  // namespace foliot::runner

// Looks for modules anew, on a thread of its own: a module that hangs while it is described keeps nobody else waiting.
#pragma once

#include "base/later.hpp"
#include "module/catalogue.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

namespace foliot::app {

class Rescanner final {
  public:
    /// `looked` is called after each look, on this thread; it must not throw.
    Rescanner(module::Catalogue& catalogue, std::function<void()> looked)
        : catalogue_(catalogue), looked_(std::move(looked)) {}
    ~Rescanner() { catalogue_.give_up(); }  ///< and with it what is under way
    Rescanner(const Rescanner&) = delete;
    Rescanner& operator=(const Rescanner&) = delete;

    void ask() { later_.ask(); }  ///< any thread; never blocks. Asked again meanwhile, it looks once more
    /// Asks, and waits until what began after that has ended. False: it goes on after `limit`. Throws
    /// std::runtime_error when modules could not be looked at.
    bool look(Micros limit);

  private:
    void rescan();
    std::string try_to_rescan();

    module::Catalogue& catalogue_;
    std::function<void()> looked_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::uint64_t begun_count_ = 0, ended_count_ = 0;  // guarded by mutex_
    std::string problem_;                              // likewise: why the last one failed; "" when it did not
    Later later_{0, Later::AtEnd::drop_it, [this] { rescan(); }};
};

}  // namespace foliot::app

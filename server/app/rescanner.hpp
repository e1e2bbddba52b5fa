// Looks for modules anew, on a thread of its own: a module that hangs while it is described keeps nobody else waiting.
#pragma once

#include "app/later.hpp"
#include "module/catalogue.hpp"

#include <atomic>

namespace foliot::app {

class Rescanner final {
  public:
    explicit Rescanner(module::Catalogue& catalogue) : catalogue_(catalogue) {}
    ~Rescanner();  ///< what is under way is given up
    Rescanner(const Rescanner&) = delete;
    Rescanner& operator=(const Rescanner&) = delete;

    void ask() { later_.ask(); }  ///< any thread; never blocks. Asked again meanwhile, it looks once more

  private:
    void rescan();

    module::Catalogue& catalogue_;
    std::atomic<bool> leaving_ = false;
    Later later_{0, [this] { rescan(); }};
};

}  // namespace foliot::app

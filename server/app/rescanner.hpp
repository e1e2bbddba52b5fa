// Looks for modules anew, on a thread of its own: a module that hangs while it is described keeps nobody else waiting.
#pragma once

#include "base/later.hpp"
#include "module/catalogue.hpp"

namespace foliot::app {

class Rescanner final {
  public:
    explicit Rescanner(module::Catalogue& catalogue) : catalogue_(catalogue) {}
    ~Rescanner() { catalogue_.give_up(); }  ///< and with it what is under way
    Rescanner(const Rescanner&) = delete;
    Rescanner& operator=(const Rescanner&) = delete;

    void ask() { later_.ask(); }  ///< any thread; never blocks. Asked again meanwhile, it looks once more

  private:
    void rescan();

    module::Catalogue& catalogue_;
    Later later_{0, Later::AtEnd::drop_it, [this] { rescan(); }};
};

}  // namespace foliot::app

// Looks for modules when their folders change, on a thread of its own.
#pragma once

#include "app/rescanner.hpp"
#include "base/clock.hpp"
#include "base/fd.hpp"
#include "module/catalogue.hpp"
#include "module/folder_watch.hpp"

#include <optional>
#include <thread>

namespace foliot::app {

/// When to look after something happened: once it has been quiet for two seconds, but not later than ten seconds after
/// it began, for somebody may write for long. Instants are of one monotonic clock.
class QuietTime final {
  public:
    void happened(Micros now);
    std::optional<Micros> due() const;
    /// True, once, when it is due.
    bool is_over(Micros now);

  private:
    std::optional<Micros> first_, last_;
};

/// Files that are overwritten while they are in use are noted at once. Once a minute the folders are looked at all the
/// same, for what cannot be watched. At its end it waits for its thread.
class ModuleWatch final {
  public:
    /// `folders` has been watching since before the catalogue was last looked at.
    ModuleWatch(module::FolderWatch folders, module::Catalogue& catalogue, Rescanner& rescanner, const Clock& clock);
    ~ModuleWatch();
    ModuleWatch(const ModuleWatch&) = delete;
    ModuleWatch& operator=(const ModuleWatch&) = delete;

  private:
    void run();
    bool wait();
    void take_news();
    void look_now_and_then();

    module::Catalogue& catalogue_;
    Rescanner& rescanner_;
    const Clock& clock_;
    Fd stop_;  ///< readable when it is to end
    module::FolderWatch folders_;
    QuietTime quiet_;
    Micros next_look_;
    std::thread thread_;
};

}  // namespace foliot::app

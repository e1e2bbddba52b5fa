// The job thread's work: order after order.
#pragma once

#include "control.hpp"
#include "hygiene.hpp"
#include "module_library.hpp"
#include "options.hpp"
#include "process/ledger.hpp"
#include "run.hpp"
#include "server_clock.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace foliot::worker {

class JobLoop {
  public:
    JobLoop(const Options& options, const foliot_module& module, Control& control, Channel& channel, foliot_run& run,
            process::LedgerSlot& slot, ServerClock& clock);

    /// Until QUIT.
    void run();

  private:
    void run_order(Order order);
    /// False: it must not be called; the run's error and `refusal` say why.
    bool prepare(Order order, std::int32_t& refusal);
    void call(std::uint64_t run, process::Result& result);
    void clean_up(std::uint64_t run, process::Result& result);
    Hygiene::Look look_after(const process::Result& result);
    void write_markers(std::uint64_t run);

    const Options& options_;
    const foliot_module& module_;
    Control& control_;
    Channel& channel_;
    foliot_run& run_;
    process::LedgerSlot& slot_;
    ServerClock& clock_;
    RunLimits limits_;
    ResidentMemory memory_;
    Hygiene hygiene_;                 ///< after all that opens descriptors
    std::vector<bool> looked_after_;  ///< thoroughly, a run of the function by its place in the module
    std::string batch_;               ///< frames that are to be sent with the next ones
    const int pid_;
    Micros cpu_before_;  ///< what earlier runs have used; the little between two runs is the second's
};

}  // namespace foliot::worker

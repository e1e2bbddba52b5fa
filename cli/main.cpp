// foliot: what administrators and authors of modules do from a command line.
#include "base/log.hpp"
#include "base/standard_fds.hpp"
#include "cli/command.hpp"

#include <signal.h>

int main(int argc, char** argv) {
    foliot::hold_standard_descriptors();
    ::signal(SIGPIPE, SIG_IGN);
    foliot::log::configure({foliot::log::Level::error, false});  // what the server would warn of, the commands say
    return foliot::cli::run({argv + 1, argv + argc});
}

// As many file descriptors as the configuration may need.
#pragma once

#include "app/config.hpp"

namespace foliot::app {

/// Raises the soft limit (RLIMIT_NOFILE). Where the hard one is too low, fewer connections may queue, and fewer are
/// served if that is not enough, so that a crowd of clients never takes what store and workers need; the log says so.
void fit_descriptors(Config& config);

}  // namespace foliot::app

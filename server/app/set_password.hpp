// foliotd --set-password: the way back in when nobody knows a password or token any more.
#pragma once

#include "app/config.hpp"

#include <string>

namespace foliot::app {

/// Gives the user the password on standard input (without its last line end). Returns the exit status, and has said on
/// standard error why when it is not 0. The store must be there, and no server may use it.
int set_password(const Config& config, const std::string& user);

}  // namespace foliot::app

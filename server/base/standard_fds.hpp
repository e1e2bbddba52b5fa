// Descriptors 0, 1 and 2 as a program finds them.
#pragma once

namespace foliot {

/// Those of them that are closed lead to /dev/null from now on; standard output so that it takes nothing, for what is
/// printed there was asked for. To be called first of all: else a database or a socket gets the number of one, and with
/// it all that is printed. Throws std::system_error.
void hold_standard_descriptors();

}  // namespace foliot

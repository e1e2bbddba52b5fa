#include "base/standard_fds.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace foliot {

void hold_standard_descriptors() {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) >= 0) continue;
        const int mode = number == STDERR_FILENO ? O_WRONLY : O_RDONLY;
        // It gets the lowest number that is free, which is this one.
        if (::open("/dev/null", mode) < 0) throw_errno("open /dev/null");  // NOLINT(android-cloexec-open): inherited
    }
}

}  // namespace foliot

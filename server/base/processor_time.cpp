#include "base/processor_time.hpp"

#include <sys/resource.h>

namespace foliot {

Micros processor_time(Whose whose) {
    rusage used{};
    ::getrusage(whose == Whose::own ? RUSAGE_SELF : RUSAGE_CHILDREN, &used);
    const auto micros = [](const timeval& time) { return time.tv_sec * kSecond + time.tv_usec; };
    return micros(used.ru_utime) + micros(used.ru_stime);
}

}  // namespace foliot

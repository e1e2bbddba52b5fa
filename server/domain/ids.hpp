// Keys of the domain as types of their own, so that they cannot be mixed up.
#pragma once

#include <cstdint>
#include <functional>

namespace foliot {

enum class JobKey : std::int64_t {};  ///< never reused; a job's text id is only its name
enum class RunId : std::int64_t {};   ///< of an execution; never reused, in order of time

template <class Key>
constexpr std::int64_t raw(Key key) {
    return static_cast<std::int64_t>(key);
}

}  // namespace foliot

// How many times as long as usual something may take in a build with sanitizers, where that is part of what is tested.
#pragma once

namespace foliot::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlowdown = 5;
#else
inline constexpr int kSlowdown = 1;
#endif

}  // namespace foliot::testing

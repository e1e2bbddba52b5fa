// A bell that one thread rings and another one waits for beside other descriptors.
#pragma once

#include "base/fd.hpp"

namespace foliot {

class Bell {
  public:
    Bell();                                        ///< throws std::system_error when there are no descriptors left
    int fd() const noexcept { return fd_.get(); }  ///< readable from ring() to clear()
    void ring() const noexcept;                    ///< any thread; never blocks
    void clear() const noexcept;

  private:
    Fd fd_;
};

}  // namespace foliot

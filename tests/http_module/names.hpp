// Host names of this test program: what getaddrinfo says to the module's libcurl. Names that are not set here are
// looked up as ever.
#pragma once

#include <string>
#include <vector>

namespace foliot::testing {

class Names {
  public:
    Names() = default;
    /// Forgets all names and ends all look-ups that hang.
    ~Names();
    Names(const Names&) = delete;
    Names& operator=(const Names&) = delete;

    static void set(const std::string& name, std::vector<std::string> addresses);
    /// The look-up of this name ends when release() is called.
    static void hang(const std::string& name);
    static void release();
    static int hanging();  ///< look-ups that hang
};

}  // namespace foliot::testing

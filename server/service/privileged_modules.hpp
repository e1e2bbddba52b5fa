// Modules whose jobs are for Admins to save, edit, delete or run with other arguments (`shell`).
#pragma once

#include "service/caller.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace foliot::service {

struct PrivilegedModules {
    std::set<std::string, std::less<>> names{"shell"};
    bool allowed = true;  ///< false: for nobody, since nobody is asked who he is

    /// Throws RequestError (forbidden) when the module is one of them and the caller is no Admin. `action` completes
    /// "... may not ACTION of the privileged module".
    void require(const Caller& caller, std::string_view module, std::string_view action) const;
};

}  // namespace foliot::service

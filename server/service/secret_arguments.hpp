// Secret arguments on their way into a job: they are sealed before anything is stored.
#pragma once

#include "domain/account.hpp"
#include "domain/job.hpp"
#include "module/catalogue.hpp"
#include "service/vault.hpp"

namespace foliot::service {

/// What is to be called, and in whose place.
struct WishedCall {
    const Definition* present = nullptr;  ///< nothing: nothing is there yet
    bool args_given = true;               ///< they are the caller's words; else those of `present`
    bool kwargs_given = true;
};

/// Makes the arguments of `wished` what is stored: they fit the function, the values of its secret parameters are
/// sealed, and *** has become the sealed value that is there.
///
/// Throws RequestError. invalid, naming the argument: it does not fit; *** without a secret that is there; a secret
/// where the function takes none; a forged sealed value. forbidden: a secret that the caller may not read would be
/// handed to another function, or with other arguments (to another address, say), than its owner wished.
void seal_arguments(const Vault& vault, const Principal& who, const module::Function& function, const WishedCall& call,
                    Definition& wished);

}  // namespace foliot::service

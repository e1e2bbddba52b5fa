// Use cases of modules: which there are, what their functions take, looking for them anew.
#pragma once

#include "engine/breaker.hpp"
#include "module/catalogue.hpp"
#include "service/caller.hpp"
#include "service/misfits.hpp"
#include "service/privileged_modules.hpp"
#include "store/store.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {

using ModulePtr = std::shared_ptr<const module::Module>;

/// Thread-safe. Throws RequestError; what is not there is not_found.
class Modules {
  public:
    /// Looks for modules anew and waits for it; false: it goes on after `limit`. Throws when it failed.
    using Rescan = std::function<bool(Micros limit)>;

    struct Rules {
        PrivilegedModules privileged;
        ResourceLimits limits;  ///< that are configured
    };

    Modules(store::Store& store, const module::Catalogue& catalogue, engine::Breaker& breaker, Rules rules,
            Rescan rescan)
        : store_(store),
          catalogue_(catalogue),
          breaker_(breaker),
          rules_(std::move(rules)),
          rescan_(std::move(rescan)),
          misfits_(store, catalogue) {}

    /// By name; those that cannot be used, too, and files whose name another one holds.
    std::vector<ModulePtr> list(const Caller& caller) const;
    ModulePtr get(const Caller& caller, std::string_view name) const;  ///< the one that holds the name
    /// "module:function" or "module.function", of a module that can be used.
    module::Resolved function(const Caller& caller, std::string_view name) const;
    /// For Admins. False: it takes its time; what is known meanwhile is from before.
    bool rescan(const Caller& caller) const;
    /// Jobs that cannot run as they are, the first hundred.
    std::vector<Misfit> misfits(const Caller& caller) const;
    /// Goes through the jobs when modules have changed; slow when there are many.
    void look_at_jobs() { misfits_.look(); }
    /// Nothing: it is run, or would be, as there is another version of its module; else why it is not.
    std::optional<engine::Breaker::Tripped> broken(const FuncRef& func) const;
    /// A function that is not run because it crashed too often is run again. Idempotent.
    void resume(const Caller& caller, std::string_view name) const;
    bool is_privileged(std::string_view module) const { return rules_.privileged.names.contains(module); }
    const ResourceLimits& limits() const { return rules_.limits; }

  private:
    bool look() const;

    store::Store& store_;
    const module::Catalogue& catalogue_;
    engine::Breaker& breaker_;
    Rules rules_;
    Rescan rescan_;
    Misfits misfits_;
};

/// Arguments to try the function with, as a JSON list or object: its author's example, else defaults and zeros.
std::string example_of(const module::Function& function);

}  // namespace foliot::service

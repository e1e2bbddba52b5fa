// What the services ask about job functions: do they exist, and do these arguments fit?
#pragma once

#include "domain/job.hpp"
#include "module/catalogue.hpp"

#include <optional>
#include <string_view>

namespace foliot::service {

/// What a function's author wishes for jobs that do not say.
struct FunctionDefaults {
    RetryWishes retry;
    std::optional<Micros> timeout;
};

/// Thread-safe.
class Functions {
  public:
    virtual ~Functions() = default;
    /// Throws RequestError (invalid): field 'func' when it does not resolve, else the parameter that does not fit.
    virtual FunctionDefaults check(const FuncRef& func, std::string_view args_json,
                                   std::string_view kwargs_json) const = 0;
};

class CatalogueFunctions final : public Functions {
  public:
    explicit CatalogueFunctions(const module::Catalogue& catalogue) : catalogue_(catalogue) {}
    FunctionDefaults check(const FuncRef& func, std::string_view args_json,
                           std::string_view kwargs_json) const override;

  private:
    const module::Catalogue& catalogue_;
};

}  // namespace foliot::service

// What the services ask about job functions: which there are, and what they take.
#pragma once

#include "domain/job.hpp"
#include "module/catalogue.hpp"

#include <memory>

namespace foliot::service {

/// Thread-safe.
class Functions {
  public:
    virtual ~Functions() = default;
    /// Never null. Throws RequestError (invalid), field 'func', when it does not resolve.
    virtual std::shared_ptr<const module::Function> find(const FuncRef& func) const = 0;
};

class CatalogueFunctions final : public Functions {
  public:
    explicit CatalogueFunctions(const module::Catalogue& catalogue) : catalogue_(catalogue) {}
    std::shared_ptr<const module::Function> find(const FuncRef& func) const override;

  private:
    const module::Catalogue& catalogue_;
};

}  // namespace foliot::service

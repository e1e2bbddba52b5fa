#include "service/functions.hpp"

#include "base/error.hpp"

#include <string>

namespace foliot::service {

std::shared_ptr<const module::Function> CatalogueFunctions::find(const FuncRef& func) const {
    std::string why;
    const auto resolved = catalogue_.resolve(func, why);
    if (!resolved) throw invalid_field("func", "cannot resolve '" + func.text() + "': " + why);
    return {resolved->module, resolved->function};  // lives as long as the module
}

}  // namespace foliot::service

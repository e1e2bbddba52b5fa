#include "service/functions.hpp"

#include "base/error.hpp"

#include <string>

namespace foliot::service {

FunctionDefaults CatalogueFunctions::check(const FuncRef& func, std::string_view args_json,
                                           std::string_view kwargs_json) const {
    std::string why;
    const auto resolved = catalogue_.resolve(func, why);
    if (!resolved) throw invalid_field("func", "cannot resolve '" + func.text() + "': " + why);
    const module::Function& function = *resolved->function;
    module::check_arguments(function, args_json, kwargs_json);
    return {function.retry, function.timeout};
}

}  // namespace foliot::service

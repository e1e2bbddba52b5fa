#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace foliot {

RequestError invalid_field(std::string_view field, std::string_view reason) {
    return {Problem::invalid, "field '" + std::string(field) + "': " + std::string(reason), std::string(field)};
}

RequestError throttled(const std::string& text, int retry_after) {
    RequestError error(Problem::throttled, text);
    error.set_retry_after(retry_after);
    return error;
}

void throw_errno(const std::string& what) { throw_errno(what, errno); }
void throw_errno(const std::string& what, int code) { throw std::system_error(code, std::generic_category(), what); }

}  // namespace foliot

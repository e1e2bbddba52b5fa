// What users, groups and tokens may be called. Each throws RequestError (invalid) naming the field.
#pragma once

#include <string>
#include <string_view>

namespace foliot::service {

/// 1 to 64 characters, none that controls or cannot be seen, no outer blanks. `field` is what the request calls it.
void check_name(std::string_view field, const std::string& name);
/// The same, and no colon, for HTTP Basic ends a name there, nor a name that the audit log has for others.
void check_user_name(const std::string& name);
void check_email(const std::string& email);

}  // namespace foliot::service

// What users, groups and tokens are made of in a body, and its schema.
#pragma once

#include "api/http/schema.hpp"
#include "service/services.hpp"

#include <string_view>

namespace foliot::api::admin {

/// These throw RequestError: malformed for what is no JSON, else invalid naming the field.
service::UserEdit user_edit(std::string_view body);
service::OwnEdit own_edit(std::string_view body);
service::GroupEdit group_edit(std::string_view body);
service::TokenWish token_wish(std::string_view body);

Schema user_body(bool is_new);
Schema own_body();
Schema group_body(bool is_new);
Schema token_body();

}  // namespace foliot::api::admin

#pragma once

#include "api/http/operation.hpp"
#include "base/json.hpp"
#include "domain/account.hpp"

#include <string>

namespace foliot::api::admin {

void write_user(json::Writer& writer, const Account& account);
void write_group(json::Writer& writer, const Group& group);
void write_token(json::Writer& writer, const Token& token);

std::string user_json(const Account& account);
std::string group_json(const Group& group);
std::string token_json(const Token& token);
std::string new_token_json(const Token& token, const std::string& secret);

Schema user_schema();
Schema group_schema();
Schema token_schema();
Schema new_token_schema();

Operation giving_page(std::string_view name, const Schema& item, std::vector<QueryParameter> others = {});
Operation making(const Schema& body, const Schema& made, std::string description);
Operation changing(const Schema& body, const Schema& changed, std::string description);

}  // namespace foliot::api::admin

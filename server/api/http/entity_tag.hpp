// Entity tags: what was read before is not sent again, and what was changed since is not overwritten (RFC 9110, 13).
#pragma once

#include "api/http/router.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace foliot::api {

/// Of an answer that has no version of its own.
std::string tag_of(std::string_view text);

/// Adds the tag; 304 without a body when If-None-Match has it. `tag`: without its quotes.
Response tagged(const Request& request, std::string_view tag, Response response);
inline Answer not_modified() { return {304, "As If-None-Match has it", {}, ""}; }

/// Does If-Match forbid to change what has this version? `is_version` judges the tags, without their quotes.
bool forbids(std::string_view if_match, const std::function<bool(std::string_view tag)>& is_version);

}  // namespace foliot::api

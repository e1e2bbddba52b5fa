// What the answers of this dialect have in common.
#pragma once

#include "api/http/caller.hpp"
#include "api/http/entity_tag.hpp"
#include "api/ndscheduler/dialect.hpp"
#include "base/json.hpp"

#include <string>

namespace foliot::api::ndscheduler {

/// Of an answer with a list: escaped, a value is many times as long as it was.
inline constexpr std::size_t kMostBytes = 32U << 20U;

inline service::Caller caller_of(const Request& request) { return caller_in(request, dialect()); }

inline json::Writer new_writer() { return json::Writer(json::Writer::Spacing::python, json::Charset::ascii); }

/// JSON may stand in a script element: "</" is written "<\/".
std::string safe_in_html(std::string json);

inline Response ok(std::string json_text, int status = 200) {
    return {.status = status,
            .content_type = std::string(kJson),
            .body = safe_in_html(std::move(json_text)),
            .headers = {}};
}

/// With a tag of the text; 304 when If-None-Match has it.
inline Response with_tag(const Request& request, const std::string& json_text) {
    return tagged(request, api::tag_of(json_text), ok(json_text));
}

inline Operation tagging(Operation operation) {
    operation.answers.push_back(not_modified());
    return operation;
}

}  // namespace foliot::api::ndscheduler

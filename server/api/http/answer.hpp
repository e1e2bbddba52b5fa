// An answer as bytes: status line, headers that every answer has, body.
#pragma once

#include "api/http/router.hpp"

#include <string>
#include <string_view>

namespace foliot::api {

/// What the answer must know of its request.
struct AnswerTo {
    std::string_view request_id;
    std::string_view accept_encoding;
    std::string_view date;  ///< of the Date header
    bool is_head = false;   ///< headers as for GET, no body
    bool http10 = false;
    bool keep_alive = false;
};

/// Large text is packed if the client wants that. A response with a header that would break out of its line becomes
/// an empty 500. Of one that is streamed this is the head.
std::string write_answer(Response response, const AnswerTo& to);

}  // namespace foliot::api

// HTTP/1.x messages as text (RFC 9112), read strictly: what two readers could frame differently is refused.
#pragma once

#include "api/http/router.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::api {

/// Why a request is refused before anything looks at its meaning. The connection does not outlive it.
struct Refusal {
    int status = 400;
    std::string text;
};

struct RequestHead {
    std::string method, target;
    bool http10 = false;
    bool keep_alive = false;
    bool expects_continue = false;
    bool chunked = false;  ///< the body says where it ends, else content_length does
    std::size_t content_length = 0;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, values trimmed

    std::string_view header(std::string_view name) const;  ///< "" when absent
    bool has_body() const { return chunked || content_length > 0; }
    std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

/// `text`: everything up to the empty line, without it; its lines end with CR LF. Fills `head` as far as it got, so
/// that the refusal can be spoken in the dialect of the path. The length of the body is checked against `max_body`.
std::optional<Refusal> parse_head(std::string_view text, std::size_t max_body, RequestHead& head);

/// Nothing when it is not well-formed.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view target);

/// Whether this is one header line and not more.
bool is_field(std::string_view name, std::string_view value);

std::string_view trim(std::string_view text);  ///< without the blanks around it
/// Each part of a list with commas, trimmed.
template <class Use>
void for_each_item(std::string_view list, const Use& use) {
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        use(trim(list.substr(at, end - at)));
        at = end + 1;
    }
}

}  // namespace foliot::api

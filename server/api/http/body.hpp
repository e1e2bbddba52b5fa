// A request's body, read whole as its head frames it (RFC 9112, 6 and 7.1), or refused.
#pragma once

#include "api/http/message.hpp"
#include "api/http/wire.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace foliot::api {

/// Appends at most `max_body` bytes. Chunks are taken without extensions and trailers, which nobody needs and readers
/// have disagreed about.
std::optional<Refusal> read_body(Wire& wire, const RequestHead& head, std::size_t max_body, Micros deadline,
                                 std::string& body);

Refusal too_large(std::size_t max_body);

}  // namespace foliot::api

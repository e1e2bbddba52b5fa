// What a run wrote, in one value: it is only ever written and read whole, and a row for each piece would cost more than
// most pieces.
#pragma once

#include "domain/output.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace foliot::store::sqlite {

/// Each piece is "STREAM AT LEVEL LEFT_OUT SIZE FIELDS_SIZE\n", then its data and fields: migrations can write that,
/// too.
std::string packed(const std::vector<OutputChunk>& chunks);
/// Throws std::runtime_error for what packed() does not give.
std::vector<OutputChunk> unpacked(std::string_view bytes);

}  // namespace foliot::store::sqlite

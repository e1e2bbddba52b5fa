#pragma once

#include <string>

namespace foliot::worker {

/// GNU build id, in hex, of the loaded object that contains `address`; empty when it has none.
std::string build_id_at(const void* address);

}  // namespace foliot::worker

#pragma once

#include <foliot/abi.h>

namespace foliot::worker {

/// The table that modules call; static.
const foliot_host& host();

}  // namespace foliot::worker

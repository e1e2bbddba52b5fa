// The C++20 face of foliot/abi.h: include it, write a function, publish it with FOLIOT_MODULE. Header only, standard
// library only.
#pragma once

#include <foliot/args.hpp>     // IWYU pragma: export
#include <foliot/context.hpp>  // IWYU pragma: export
#include <foliot/json.hpp>     // IWYU pragma: export
#include <foliot/module.hpp>   // IWYU pragma: export
#include <foliot/value.hpp>    // IWYU pragma: export

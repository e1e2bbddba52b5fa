// Reads a JSON object that we wrote ourselves. What does not look as written is corruption, not bad input.
#pragma once

#include "base/json.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace foliot::json {

/// Takes the members one by one; finish() insists that there were no others. The object must outlive it.
/// Throws std::runtime_error, "stored <what>: ...".
class StoredObject {
  public:
    StoredObject(const Value& object, std::string what);

    const Value* find(std::string_view name);  ///< nullptr when absent
    const Value* find(std::string_view name, Kind kind);
    std::optional<std::string> text(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t low, std::int64_t high);
    std::optional<bool> boolean(std::string_view name);
    std::optional<double> number(std::string_view name);
    void finish() const;

    template <class T>
    T required(std::optional<T> value, std::string_view name) const {
        if (!value) corrupt("'" + std::string(name) + "' is missing");
        return *std::move(value);
    }
    [[noreturn]] void corrupt(const std::string& problem) const;

  private:
    const Value& object_;
    std::string what_;
    std::size_t taken_ = 0;
};

}  // namespace foliot::json

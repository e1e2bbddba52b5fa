// A JSON text that the server gave, and how commands look into it.
#pragma once

#include "base/json.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace foliot::cli {

class Document {
  public:
    /// Throws json::SyntaxError.
    explicit Document(std::string text)
        : text_(std::make_shared<const std::string>(std::move(text))), value_(json::parse(*text_, {64, 20'000'000})) {}
    const std::string& text() const { return *text_; }
    const json::Value& value() const { return value_; }

  private:
    std::shared_ptr<const std::string> text_;  ///< shared: `value_` points into it, also in a copy
    json::Value value_;
};

static_assert(std::is_nothrow_move_constructible_v<Document>, "lists of them keep pointers to what is in them");

/// A member as text: a string's characters, another value's JSON; "" when there is none or it is null.
std::string text_at(const json::Value& object, std::string_view name);
/// A member of members: {"workers", "max"}.
std::string text_at(const json::Value& object, std::initializer_list<std::string_view> path);
std::int64_t number_at(const json::Value& object, std::string_view name);  ///< 0: there is none
/// The items of a list; none when it is not there.
const std::vector<json::Value>& items_at(const json::Value& object, std::string_view name);

}  // namespace foliot::cli

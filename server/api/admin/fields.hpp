// The body of a request: one JSON object, its members taken one by one.
#pragma once

#include "base/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::api::admin {

/// The field of what cannot be read at all.
inline constexpr const char* kBody = "body";

/// Enough for a login, and little work for who makes a stranger's body large.
inline constexpr json::Limits kOfStrangers{.depth = 8, .values = 1'000};

/// Everything throws RequestError naming the member. What was asked for is optional: nothing when it is absent.
class Fields {
  public:
    /// `body` must outlive this. Throws malformed (kBody) for what is no JSON, invalid for what is no object.
    explicit Fields(std::string_view body, const json::Limits& limits = {});

    const json::Value* take(std::string_view name);
    std::optional<std::string> text(std::string_view name);
    std::optional<std::optional<std::string>> text_or_null(std::string_view name);
    std::optional<bool> flag(std::string_view name);
    std::optional<std::int64_t> integer(std::string_view name);
    void finish() const;  ///< what was not asked for is unknown

  private:
    json::Value object_;
    std::vector<std::string> taken_;
};

/// invalid: "must be WANTED, not a string".
[[noreturn]] void refuse_kind(std::string_view name, std::string_view wanted, const json::Value& found);

}  // namespace foliot::api::admin

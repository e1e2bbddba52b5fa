// The fields of a request's body, JSON or a form, read as Django REST framework reads them. What is wrong is told of
// all fields at once.
#pragma once

#include "api/http/router.hpp"
#include "api/seed/dialect.hpp"
#include "base/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace foliot::api::seed {

/// "" may be: a text that is empty or blank.
enum class Blank { refused, taken };

/// A field that is absent is nothing, and null is nothing inside; so is what is refused. Unknown fields are left alone.
class Fields {
  public:
    /// Throws malformed, UnsupportedType, and FieldErrors when the body is no object. An empty one has no fields.
    explicit Fields(const Request& request);
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    bool is_form() const { return is_form_; }
    bool has(std::string_view name) const { return object_.find(name) != nullptr; }
    const json::Value* find(std::string_view name) const { return object_.find(name); }

    void require(std::string_view name);
    /// A number is taken as text. Outer blanks do not count. `most`: characters.
    std::optional<std::string> text(std::string_view name, std::size_t most, Blank blank = Blank::refused);
    std::optional<std::optional<std::string>> text_or_null(std::string_view name, std::size_t most);
    std::optional<std::optional<std::int64_t>> whole_or_null(std::string_view name, std::int64_t least,
                                                             std::int64_t most);
    std::optional<bool> flag(std::string_view name);
    std::optional<std::string> json_text(std::string_view name);  ///< any JSON, verbatim

    void refuse(std::string_view name, std::string text);
    bool refused(std::string_view name) const;
    void check() const;  ///< throws FieldErrors when something was refused

  private:
    std::optional<std::string> text_of(std::string_view name, const json::Value& value, std::size_t most, Blank blank);

    bool is_form_ = false;
    std::string body_;
    json::Value object_;
    FieldErrors::List errors_;
};

/// The operation with that body.
Operation taking(const Schema& body, Operation operation);

}  // namespace foliot::api::seed

// How Seed Scheduler's clients are told what went wrong, in the words of Django REST framework: {"detail": text}, or a
// list of texts for each field (contract: Seed, general).
#pragma once

#include "api/http/router.hpp"

#include <string>
#include <utility>
#include <vector>

namespace foliot::api::seed {

/// What is wrong with the whole body, and with no field of it.
inline constexpr const char* kNoField = "non_field_errors";

/// Each field with what is wrong with it; 400.
class FieldErrors final : public RequestError {
  public:
    using List = std::vector<std::pair<std::string, std::string>>;
    explicit FieldErrors(List list);  ///< one at least
    FieldErrors(const std::string& field, const std::string& text) : FieldErrors(List{{field, text}}) {}
    const List& list() const { return list_; }

  private:
    List list_;
};

/// A body of a kind that nobody reads; 415.
class UnsupportedType final : public RequestError {
  public:
    explicit UnsupportedType(const std::string& media_type);
};

/// 404 "Not found." for whatever is not there.
RequestError not_found();
/// 404 in these words.
RequestError not_found(const std::string& text);

const Dialect& dialect();

}  // namespace foliot::api::seed

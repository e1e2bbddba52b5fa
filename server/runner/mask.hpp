// What a run with secrets lets out: each secret becomes as many asterisks, so every position in a text stays what it
// was.
#pragma once

#include "runner/kept_text.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::runner {

class TextFinder;

/// What is kept of a text, without secrets.
struct HiddenText {
    std::string head;
    std::uint64_t dropped = 0;
    std::string tail;

    KeptText view(std::span<const Part> parts = {}) const { return {head, dropped, tail, parts}; }
};

/// Knows the texts of some secrets, as they are, and as JSON and URLs spell them; of those of several lines each line,
/// of credentials ("Bearer T", "Token T", "Basic B") also what follows the scheme, and the password in B.
/// Texts of less than four bytes are not hidden: they would take half of any output with them. Cheap to copy.
class Mask final {
  public:
    /// How a text ends: as its author wished; anywhere, for the rest is lost; anywhere, for more may follow.
    enum class End { whole, cut, open };

    Mask() = default;
    explicit Mask(const std::vector<std::string>& secrets);  ///< JSON each: texts, or the texts in lists and objects

    bool empty() const { return finder_ == nullptr; }
    /// `most`: a text of about so many bytes was cut.
    void hide(std::string& text, std::size_t most = std::numeric_limits<std::size_t>::max()) const;
    /// In the texts and names of a JSON text; what is none is a text.
    void hide_in_json(std::string& json) const;
    /// An end that a secret could begin with is left off an open text, and hidden in a cut one.
    HiddenText hidden(const KeptText& kept, End end) const;

  private:
    std::size_t open_start(std::string_view text) const;  ///< length of the longest beginning that could end a secret

    std::shared_ptr<const std::vector<std::string>> texts_;
    std::shared_ptr<const TextFinder> finder_;
};

}  // namespace foliot::runner

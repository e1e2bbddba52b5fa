// What a run with secrets lets out: each secret becomes as many asterisks, so every position in a text stays what it
// was.
#pragma once

#include "runner/live_output.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace foliot::runner {

/// What is kept of a text, without secrets.
struct HiddenText {
    std::string head;
    std::uint64_t dropped = 0;
    std::string tail;

    KeptText view() const { return {head, dropped, tail}; }
    std::string whole() const;  ///< as it is stored
};

/// Knows the texts of some secrets, as they are, and as JSON and URLs spell them; of those of several lines each line.
/// Texts of less than four bytes are not hidden: they would take half of any output with them.
class Mask final {
  public:
    Mask() = default;
    explicit Mask(const std::vector<std::string>& secrets);  ///< JSON each: texts, or the texts in lists and objects

    bool empty() const { return texts_.empty(); }
    void hide(std::string& text) const;
    /// A JSON text; one that is none without its secrets becomes "***".
    void hide_in_json(std::string& json) const;
    /// `open`: more may follow, so an end that a secret could begin with is left off.
    HiddenText hidden(const KeptText& kept, bool open) const;

  private:
    std::size_t open_end(std::string_view text) const;    ///< length of the longest such end
    std::size_t open_start(std::string_view text) const;  ///< likewise of what could be a secret's end

    std::vector<std::string> texts_;
};

}  // namespace foliot::runner

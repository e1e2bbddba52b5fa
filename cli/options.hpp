// The words of a command line after the command's name.
#pragma once

#include "base/clock.hpp"

#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::cli {

/// The command line is wrong. what() names the word and what is wanted.
struct UsageError : std::runtime_error {
    using runtime_error::runtime_error;
};

struct OptionSpec {
    std::string name;   ///< without "--"
    std::string value;  ///< what stands for its value in the help; empty: it takes none
    std::string help;
    bool many = false;  ///< may be given more than once
};

class Options {
  public:
    /// `--name value`, `--name=value`, `--flag`; after `--` all are words. Exactly `words` of them, in this order.
    /// Throws UsageError: unknown, given twice unless `many`, without its value, too few or too many words.
    Options(const std::vector<std::string>& arguments, const std::vector<OptionSpec>& specs,
            const std::vector<std::string>& words);

    const std::string& word(std::size_t index) const { return words_.at(index); }
    bool has(std::string_view name) const { return given_.contains(name); }
    std::string text(std::string_view name, std::string_view otherwise = {}) const;
    /// "" when it is not given. Throws UsageError when it is given and empty.
    std::string filled(std::string_view name) const;
    /// Throws UsageError that names the first word or option whose value is no UTF-8; those of `files` may be any
    /// bytes.
    void require_utf8(std::initializer_list<std::string_view> files) const;
    std::vector<std::string> texts(std::string_view name) const;  ///< each of it, in order
    /// Digits alone. Throws UsageError.
    std::size_t number(std::string_view name, std::size_t otherwise) const;
    /// Given in seconds, above 0 and at most a year; a fraction is fine. Throws UsageError.
    Micros length(std::string_view name, Micros otherwise) const;

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> given_;
    std::vector<std::string> words_;
};

}  // namespace foliot::cli

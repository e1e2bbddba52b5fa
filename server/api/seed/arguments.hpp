// The arguments of http:post, wherever a job has them: by position or by name.
#pragma once

#include "domain/job.hpp"
#include "service/job_edit.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace foliot::api::seed {

inline const FuncRef kPost{"http", "post"};

/// Values are JSON, verbatim. Those of other names are kept as they are.
class Arguments {
  public:
    Arguments() = default;
    explicit Arguments(const Definition& definition) : Arguments(definition.args, definition.kwargs) {}

    std::optional<std::string> get(std::string_view name) const;
    void set(std::string_view name, std::string value);
    /// What comes behind it by position has its name from then on.
    void remove(std::string_view name);

    /// For an edit of a job with such arguments: its secrets are kept where they were not set anew.
    static Arguments to_edit(const Definition& definition);

    void put_into(service::JobEdit& edit) const;

  private:
    Arguments(std::string_view args, std::string_view kwargs);
    std::optional<std::size_t> position_of(std::string_view name) const;

    std::vector<std::string> args_;
    std::vector<std::pair<std::string, std::string>> kwargs_;
};

}  // namespace foliot::api::seed

// What `q` finds in the lists of jobs and executions.
#pragma once

#include "base/ascii.hpp"
#include "domain/job.hpp"

#include <string>
#include <string_view>

namespace foliot::api::ndscheduler {

/// A part of id, name, function or description, in any case of ASCII letters.
class TextFilter {
  public:
    explicit TextFilter(std::string_view words) : words_(lower(words)) {}
    bool operator()(const std::string& job_id, const Definition& d) const {
        return has(job_id) || has(d.name) || has(d.func.text()) || has(d.func.dotted()) || has(d.description);
    }

  private:
    bool has(const std::string& text) const { return lower(text).find(words_) != std::string::npos; }

    std::string words_;
};

}  // namespace foliot::api::ndscheduler

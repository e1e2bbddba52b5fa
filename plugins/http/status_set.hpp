// Which statuses are a success.
#pragma once

#include <foliot/value.hpp>

#include <utility>
#include <vector>

namespace http {

class StatusSet {
  public:
    /// 200 to 299.
    StatusSet() : ranges_{{200, 299}} {}
    /// A list of statuses and of texts such as "200-299". Throws BadArguments that names `argument`.
    static StatusSet read(const std::vector<foliot::Value>& list, const char* argument);
    bool contains(int status) const;

  private:
    std::vector<std::pair<int, int>> ranges_;
};

}  // namespace http

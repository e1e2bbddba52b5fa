// A job's arguments as the tree of values that it reads.
#pragma once

#include "base/json.hpp"

#include <foliot/abi.h>

#include <deque>
#include <string>
#include <vector>

namespace foliot::worker {

/// Owns the values of one JSON text. Not movable: the values point at each other.
class Arguments {
  public:
    enum class Shape { list, map };

    explicit Arguments(Shape shape) : shape_(shape) { clear(); }
    Arguments(const Arguments&) = delete;
    Arguments& operator=(const Arguments&) = delete;

    /// Empty text is taken as an empty list or map. Throws json::SyntaxError, also for JSON of another shape.
    void read(std::string text);
    void clear();
    const foliot_value* root() const { return &root_; }

  private:
    foliot_value convert(const json::Value& value);

    Shape shape_;
    std::string text_;
    json::Value parsed_;                            // strings of the tree lie in here
    std::deque<std::vector<foliot_value>> arrays_;  // a deque: addresses stay
    foliot_value root_{};
};

}  // namespace foliot::worker

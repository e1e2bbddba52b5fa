// Numbers in the text format of Prometheus. The only place that knows prometheus-cpp.
#pragma once

#include "base/tally.hpp"

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace foliot::app {

/// Families in the order in which they are begun; what follows one belongs to it.
class MetricText {
  public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    MetricText();
    ~MetricText();
    MetricText(const MetricText&) = delete;
    MetricText& operator=(const MetricText&) = delete;

    MetricText& counters(std::string name, std::string help);  ///< the name ends in _total
    MetricText& gauges(std::string name, std::string help);
    MetricText& histograms(std::string name, std::string help);  ///< of seconds: the name ends in _seconds

    MetricText& add(Labels labels, double value);  ///< to counters or gauges
    MetricText& add(Labels labels, const Durations& durations);

    std::string take() const;

    static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace foliot::app

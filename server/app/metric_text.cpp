#include "app/metric_text.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>
#include <vector>

namespace foliot::app {
namespace {

constexpr double kMicrosInSecond = 1e6;

double seconds(Micros length) { return static_cast<double>(length) / kMicrosInSecond; }

prometheus::ClientMetric labelled(MetricText::Labels labels) {
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : labels) metric.label.push_back({std::string(name), std::string(value)});
    return metric;
}

}  // namespace

struct MetricText::Families {
    std::vector<prometheus::MetricFamily> all;

    void begin(std::string name, std::string help, prometheus::MetricType type) {
        prometheus::MetricFamily& family = all.emplace_back();
        family.name = std::move(name);
        family.help = std::move(help);
        family.type = type;
    }
};

MetricText::MetricText() : families_(std::make_unique<Families>()) {}
MetricText::~MetricText() = default;

MetricText& MetricText::counters(std::string name, std::string help) {
    families_->begin(std::move(name), std::move(help), prometheus::MetricType::Counter);
    return *this;
}

MetricText& MetricText::gauges(std::string name, std::string help) {
    families_->begin(std::move(name), std::move(help), prometheus::MetricType::Gauge);
    return *this;
}

MetricText& MetricText::histograms(std::string name, std::string help) {
    families_->begin(std::move(name), std::move(help), prometheus::MetricType::Histogram);
    return *this;
}

MetricText& MetricText::add(Labels labels, double value) {
    auto& family = families_->all.back();
    auto metric = labelled(labels);
    (family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    family.metric.push_back(std::move(metric));
    return *this;
}

/// A number that grows while it is read here must not make the sum of the buckets another one than their count.
MetricText& MetricText::add(Labels labels, const Durations& durations) {
    auto metric = labelled(labels);
    std::uint64_t sum = 0;
    const auto bucket = [&](std::size_t i, double bound) {
        sum += durations.count(i);
        metric.histogram.bucket.push_back({sum, bound});
    };
    const auto bounds = durations.bounds();
    for (std::size_t i = 0; i < bounds.size(); ++i) bucket(i, seconds(bounds[i]));
    bucket(bounds.size(), std::numeric_limits<double>::infinity());
    metric.histogram.sample_count = sum;
    metric.histogram.sample_sum = seconds(durations.sum());
    families_->all.back().metric.push_back(std::move(metric));
    return *this;
}

std::string MetricText::take() const { return prometheus::TextSerializer().Serialize(families_->all); }

}  // namespace foliot::app

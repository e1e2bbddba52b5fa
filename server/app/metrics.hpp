// GET /metrics: what all parts have counted, put together when it is asked for. No label has values that users or job
// code make up, so the number of series is bounded.
#pragma once

#include "api/http/server.hpp"
#include "base/clock.hpp"
#include "base/tally.hpp"
#include "engine/engine.hpp"
#include "module/catalogue.hpp"
#include "runner/runner.hpp"
#include "service/node.hpp"
#include "store/store.hpp"

#include <atomic>
#include <filesystem>
#include <string>

namespace foliot::app {

class MetricText;

/// What it speaks of outlives it. Thread-safe.
class Metrics {
  public:
    struct Sources {
        store::Store& store;
        const std::filesystem::path& database;
        const engine::Engine& engine;
        const runner::Runner& runner;
        const module::Catalogue& catalogue;
        const service::Node& node;
    };
    explicit Metrics(const Sources& sources) : sources_(sources), begun_(SystemClock().now()) {}

    void serve_of(const api::HttpServer* server) { http_ = server; }  ///< nothing is told of it before
    void note_delivery(bool queued) { (queued ? queued_ : dropped_).add(); }

    std::string text() const;

  private:
    void tell_state(MetricText& out) const;
    void tell_executions(MetricText& out) const;
    void tell_queue(MetricText& out) const;
    void tell_workers(MetricText& out) const;
    void tell_modules(MetricText& out) const;
    void tell_store(MetricText& out) const;
    void tell_http(MetricText& out) const;
    void tell_process(MetricText& out) const;

    const Sources sources_;
    const Micros begun_;  ///< UTC
    std::atomic<const api::HttpServer*> http_{nullptr};
    Count queued_, dropped_;  ///< deliveries to webhooks
};

}  // namespace foliot::app

// What Poco's HTTPServer calls for each request that the guard let through or refused.
#pragma once

#include "api/http/connections.hpp"
#include "api/http/gate.hpp"
#include "api/http/proxies.hpp"
#include "base/clock.hpp"

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <atomic>
#include <cstdint>
#include <string>

namespace foliot::api {

/// For a server that listens with listen_guarded(). Its handlers send one answer and throw nothing. Thread-safe; the
/// references outlive it.
class HandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    HandlerFactory(const Gate& gate, const Clock& clock, const Connections& connections, const Networks& proxies);
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

  private:
    std::string next_request_id();

    const Gate& gate_;
    const Clock& clock_;
    const Connections& connections_;
    const Networks& proxies_;
    const unsigned instance_;  ///< tells request ids of one start from those of another
    std::atomic<std::uint64_t> requests_{0};
};

}  // namespace foliot::api

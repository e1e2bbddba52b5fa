// What Poco's HTTPServer calls for each request that the guard let through or refused.
#pragma once

#include "api/http/gate.hpp"
#include "api/http/guard.hpp"

#include <Poco/Net/HTTPRequestHandlerFactory.h>

namespace foliot::api {

/// For a server that listens with listen_guarded(). Its handlers send one answer and throw nothing. Thread-safe; the
/// gate outlives it.
class HandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    HandlerFactory(const Gate& gate, const FrontDoor& door) : gate_(gate), door_(door) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

  private:
    const Gate& gate_;
    const FrontDoor door_;
};

}  // namespace foliot::api

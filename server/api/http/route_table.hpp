// The routes of one dialect below one prefix: what they share is said once.
#pragma once

#include "api/http/router.hpp"

namespace foliot::api {

/// Used while the router is filled.
class RouteTable {
  public:
    RouteTable(Router& router, const Dialect& dialect, std::string prefix)
        : router_(router), dialect_(dialect), prefix_(std::move(prefix)) {}

    void add(std::string method, std::string_view path, Access access, Scope scope, Handler handler,
             std::string summary, Operation operation, FindLogin login_in = nullptr) {
        router_.add({std::move(method), prefix_ + std::string(path), access, scope, std::move(handler),
                     std::move(summary), &dialect_, std::move(operation), login_in});
    }

  private:
    Router& router_;
    const Dialect& dialect_;
    const std::string prefix_;
};

}  // namespace foliot::api

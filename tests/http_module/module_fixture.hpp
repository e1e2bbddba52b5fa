// The http module as the worker calls it.
#pragma once

#include "names.hpp"
#include "sdk/shared_object.hpp"
#include "web_server.hpp"

#include <foliot/testing.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace foliot::testing {

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct HttpModule {
    HttpModule() { BOOST_REQUIRE(configure({}).outcome == FOLIOT_OK); }

    /// What was configured before is forgotten.
    Report configure(Data::Map config) { return host.configure(object.module(), std::move(config)); }

    Report post(Data::List args, Data::Map named = {}) {
        return host.call(object.job("post"), std::move(args), std::move(named));
    }
    Report request(Data::List args, Data::Map named = {}) {
        return host.call(object.job("request"), std::move(args), std::move(named));
    }
    Report deliver(Data::List args, Data::Map named = {}) {
        return host.call(object.job("deliver"), std::move(args), std::move(named));
    }

    SharedObject object{plugin("http")};
    Host host;
    Names names;
};

}  // namespace foliot::testing

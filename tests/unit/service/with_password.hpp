// People of whom olga has a password.
#pragma once

#include "unit/service/people.hpp"

#include <Poco/Base64Encoder.h>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <sstream>

namespace foliot::testing {

inline const std::string kRight = "correct horse", kWrong = "wrong horse";

inline std::string basic(const std::string& name, const std::string& password) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << name << ':' << password;
    encoder.close();
    return "Basic " + text.str();
}

struct WithPassword : People {
    WithPassword() { set("olga", kRight); }

    void set(const std::string& name, const std::string& password) { service::set_password(*store, name, password); }
    bool may(const std::string& name, const std::string& password, const std::string& peer = "10.0.0.1") {
        return who(basic(name, password), peer).has_value();
    }
    /// Seconds to wait when it is throttled, 0 when it was answered.
    int throttled(const std::string& name, const std::string& password, const std::string& peer = "10.0.0.1") {
        try {
            may(name, password, peer);
            return 0;
        } catch (const RequestError& error) {
            BOOST_TEST((error.problem() == Problem::throttled));
            return error.retry_after();
        }
    }
    std::uint64_t hashes_of(const std::function<void()>& act) {
        const auto before = passwords.computed();
        act();
        return passwords.computed() - before;
    }
};

}  // namespace foliot::testing

// Bodies of POST /login: forms of both kinds, the latter read by Poco, and JSON.
#include "api/ndscheduler/login_body.hpp"
#include "base/error.hpp"
#include "require.hpp"
#include "service/authorization.hpp"

using namespace foliot;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const char* type :
         {"application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "application/json", ""}) {
        api::Request request;
        request.headers.emplace_back("content-type", type);
        request.body = fuzz::text_of(data, size);
        try {
            const auto login = api::ndscheduler::login_of(request);
            (void)service::may_be_right(login.given);
            REQUIRE(login.given.name.size() <= size && login.given.password.size() <= size);
        } catch (const RequestError& error) {
            REQUIRE((error.problem() == Problem::invalid || error.problem() == Problem::malformed) &&
                    *error.what() != 0);
        }
    }
    return 0;
}

// Queries of the lists.
#include "api/http/message.hpp"
#include "api/ndscheduler/execution_query.hpp"
#include "base/error.hpp"
#include "require.hpp"

using namespace foliot;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr Micros kNow = 1'800'000'000 * kSecond;
    auto query = api::parse_query("/?" + std::string(fuzz::text_of(data, size)));
    if (!query) return 0;
    api::Request request;
    request.query = std::move(*query);
    try {
        const auto asked = api::ndscheduler::execution_query(request, kNow);
        REQUIRE(asked.limit >= 1 && asked.limit <= 10'000);
    } catch (const RequestError& error) {
        REQUIRE(error.problem() == Problem::invalid && *error.what() != 0);
    }
    return 0;
}

// Queries of the lists.
#include "api/admin/account_query.hpp"
#include "api/http/message.hpp"
#include "api/ndscheduler/execution_query.hpp"
#include "api/ndscheduler/range_query.hpp"
#include "base/error.hpp"
#include "require.hpp"

using namespace foliot;

namespace {

constexpr Micros kNow = 1'800'000'000 * kSecond;

void executions(const api::Request& request) {
    const auto asked = api::ndscheduler::execution_query(request, kNow);
    REQUIRE(asked.limit >= 1 && asked.limit <= api::ndscheduler::kMostRows);
}

void audit_log(const api::Request& request) {
    api::ndscheduler::check_names(request, api::ndscheduler::range_parameters());
    const auto range = api::ndscheduler::time_range(request, kNow);
    REQUIRE(range.from <= kNow || request.query_value("time_range_start"));
    const std::size_t limit = api::ndscheduler::limit_of(request);
    REQUIRE(limit >= 1 && limit <= api::ndscheduler::kMostRows);
}

void accounts(const api::Request& request) {
    const auto page = api::admin::page_query(request, {"user"});
    REQUIRE(page.limit >= 1 && page.limit <= 1'000);
    if (const auto user = request.query_value("user")) api::admin::id_in_query("user", *user);
}

constexpr void (*kReaders[])(const api::Request&) = {executions, audit_log, accounts};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto query = api::parse_query("/?" + std::string(fuzz::text_of(data, size)));
    if (!query) return 0;
    api::Request request;
    request.query = std::move(*query);
    for (const auto read : kReaders) {
        try {
            read(request);
        } catch (const RequestError& error) {
            REQUIRE(error.problem() == Problem::invalid && *error.what() != 0);
        }
    }
    return 0;
}

// A request's target: path, parameters, query.
#include "api/http/json_dialect.hpp"
#include "api/http/message.hpp"
#include "api/http/router.hpp"
#include "base/json.hpp"
#include "require.hpp"

using namespace foliot;
using namespace foliot::api;

namespace {

const Router& router() {
    static const JsonDialect dialect({.name = "fuzz", .member = "error", .status_of = [](Problem) { return 400; }});
    static const Router made = [] {
        Router table(dialect);
        table.claim_prefix("/scheduler", dialect);
        table.claim_prefix("/api/v1/executions", dialect);
        for (const char* pattern : {"/", "/scheduler", "/scheduler/jobs", "/scheduler/jobs/{id}", "/user/{id}",
                                    "/scheduler/jobs/{id}/run", "/user/token", "/a/{x}/b/{y}", "/a/b/{y}/{z}"}) {
            Route route;
            route.method = "GET";
            route.pattern = pattern;
            table.add(route);
            route.method = "DELETE";
            table.add(route);
        }
        return table;
    }();
    return made;
}

void check(std::string_view method, std::string_view path) {
    try {
        const Match match = router().match(method, path);
        REQUIRE(match.dialect != nullptr);
        REQUIRE(match.route == nullptr || !match.allowed.empty());
        for (const auto& [name, value] : match.parameters) REQUIRE(!value.empty() && json::valid_text(value));
    } catch (const RequestError& error) {
        REQUIRE(error.problem() == Problem::malformed);
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view target = fuzz::text_of(data, size);
    const std::string_view path = target.substr(0, target.find('?'));
    for (const char* method : {"GET", "HEAD", "POST"}) check(method, path);
    router().dialect_of(path);
    if (const auto query = parse_query(target)) {
        for (const auto& [name, value] : *query) REQUIRE((name + value).find('\0') == std::string::npos);
    }
    const auto decoded = percent_decode(target, false);
    if (decoded) REQUIRE(decoded->size() <= target.size() && (decoded->empty() || json::valid_text(*decoded)));
    return 0;
}

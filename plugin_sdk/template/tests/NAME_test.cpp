// Use whatever test library you like: foliot_add_module_tests(... LINK Boost::unit_test_framework).
#include "../src/@NAME@.hpp"

#include <foliot/testing.hpp>

#include <cstdio>

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
    if (holds) return;
    std::printf("failed: %s\n", what);
    ++failures;
}

}  // namespace

int main() {
    foliot::testing::Host host;
    const auto report = host.run<greet>(GreetArgs{.name = "Ada", .times = 2});
    expect(report.outcome == FOLIOT_OK, "it succeeds");
    expect(report.result == R"({"greeted":"Ada","times":2})", "it tells whom it has greeted");
    expect(report.logged("hello, Ada"), "it logs each greeting");

    expect(host.call<greet>({"Ada", 0}).error_code == "bad_arguments", "it refuses to greet no time at all");
    expect(host.cancel_on_log("hello, world").run<greet>(GreetArgs{.times = 1000}).outcome == FOLIOT_CANCELLED,
           "it ends when it is cancelled");
    return failures == 0 ? 0 : 1;
}

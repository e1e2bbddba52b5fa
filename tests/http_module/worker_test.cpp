// The module in a real worker: configured by it, cancelled by it, and leaving nothing behind in it.
#include "../worker/exit_codes.hpp"
#include "http_module/module_fixture.hpp"
#include "support/wait.hpp"
#include "worker/worker_process.hpp"

namespace {

using namespace foliot::testing;
using foliot::process::Cancel;
using foliot::process::Result;

const std::string kModule = "../modules/http";  // seen from the fixtures' folder

void check_clean(const Result& result) { BOOST_TEST(result.leftovers == ""); }

}  // namespace

BOOST_AUTO_TEST_SUITE(in_a_worker)

BOOST_AUTO_TEST_CASE(runs_leave_nothing_behind) {
    WebServer server({answer(200, "", "fine"), answer(500)});
    WorkerProcess worker({.module = kModule});
    for (std::uint64_t run = 1; run <= 3; ++run) {
        worker.start(run, 0, "[\"" + server.url() + "\", {\"a\": 1.50}]");
        const Result result = worker.result_of(run);
        BOOST_TEST(result.outcome == (run == 1 ? FOLIOT_OK : FOLIOT_FAILED), result.error_text);
        check_clean(result);
    }
    BOOST_TEST(server.request().body == R"({"a": 1.5})");
    worker.start(4, 0, R"(["http://no-such-name.invalid/"])");
    check_clean(worker.result_of(4));
}

BOOST_AUTO_TEST_CASE(a_run_that_is_cancelled_leaves_nothing_behind) {
    WebServer server([](WebConnection& connection, WebServer& self) {
        self.receive(connection);
        self.reach();
        connection.await_close();
    });
    WorkerProcess worker({.module = kModule});
    worker.start(1, 0, "[\"" + server.url() + "\"]");
    BOOST_REQUIRE(wait_until([&] { return server.reached(); }));
    worker.send(foliot::process::encode(1, Cancel{FOLIOT_CANCEL_USER, 0}));
    const Result result = worker.result_of(1);
    BOOST_TEST(result.outcome == FOLIOT_CANCELLED, result.error_text);
    check_clean(result);
}

BOOST_AUTO_TEST_CASE(a_wrong_configuration_ends_the_worker_with_the_keys_name) {
    WorkerProcess worker({.module = kModule, .config = "-", .await_hello = false});
    foliot::write_all(worker.orders.get(),
                      foliot::process::encode(foliot::process::Config{R"({"deny":"10.0.0.0/99"})"}));
    BOOST_TEST(worker.wait().code == foliot::worker::kInitFailed);
    BOOST_TEST(contains(worker.err, "module.http.config.deny: '10.0.0.0/99' wants a length"), worker.err);
}

BOOST_AUTO_TEST_SUITE_END()

// Every change through every route leaves its entries in the audit: who, through which dialect, what before and after.
// changes.json: requests in order, and the entries that each leaves, those of one request in the order they came.
#include "base/clock.hpp"
#include "base/fd.hpp"
#include "contract/case_file.hpp"
#include "contract/openapi.hpp"
#include "contract/users.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace foliot::testing {
namespace {

using json::Value;

/// Those that change nothing, the one that needs a wrong clock (tests/engine/clock_guard_test.cpp), and the one that is
/// for who has a password (tests/unit/service/issued_tokens_test.cpp).
const std::set<std::string> kNoChange{"POST /api/v1/triggers/preview", "POST /api/v1/scheduler/clock/accept",
                                      "POST /login", "POST /logout", "POST /api/token-auth"};

struct Watched {
    TempDir dir;
    std::string token = make_olga();
    ServerProcess server{{dir.path(), {}}};
    HttpClient client{server.port(), token};
    OpenApi openapi{client.get("/openapi.json").body};

    std::string make_olga() const {
        const SystemClock clock;
        return make_user(*store::open_sqlite({dir / "foliot.db"}, clock), "olga", kAdmins);
    }

    /// The first ones first.
    struct Log {
        std::string text;
        Value page = json::parse(text);

        std::size_t size() const { return page.find("logs")->items.size(); }
        const Value& entry(std::size_t n) const { return page.find("logs")->items.at(size() - 1 - n); }
    };
    std::unique_ptr<Log> log() { return std::make_unique<Log>(client.get("/api/v1/logs?time_range_start=0").body); }

    static void check_entry(const Value& wanted, const std::string& via, const Value& entry) {
        const std::string problem = difference(wanted, entry, "entry");
        BOOST_TEST(problem.empty(), problem << ": " << entry.raw);
        BOOST_TEST(entry.find("user")->string == "olga");
        BOOST_TEST(entry.find("via")->string == via);
        for (const char* text : {"before", "after", "description"})
            BOOST_TEST(entry.find(text)->string.find('<') == std::string::npos, entry.raw);
    }
    void check(const Value& change, Saved& saved) {
        const std::size_t before = log()->size();
        const Value* body = change.find("body");
        const Reply reply = client.send(change.find("method")->string, change.find("path")->string,
                                        body == nullptr ? "" : std::string(body->raw));
        BOOST_TEST_REQUIRE(reply.status < 300, reply.body);
        save(change, reply, saved);
        const std::string filled = fill_in(std::string(change.raw), saved);  // with what this request made
        const Value known = json::parse(filled);
        const auto& wanted = known.find("entries")->items;
        const auto after = log();
        BOOST_TEST_REQUIRE(after->size() - before == wanted.size(), after->text);
        for (std::size_t i = 0; i < wanted.size(); ++i)
            check_entry(wanted[i], known.find("via")->string, after->entry(before + i));
    }
};

BOOST_FIXTURE_TEST_SUITE(audit, Watched)

BOOST_AUTO_TEST_CASE(each_change_through_each_route_leaves_its_entries_and_no_more) {
    const std::string text = read_file(FOLIOT_SOURCE_DIR "/tests/contract/changes.json");
    const Value changes = json::parse(text);
    std::set<std::string> tried = kNoChange;
    Saved saved;
    for (const Value& given : changes.items) {
        const std::string filled = fill_in(std::string(given.raw), saved);
        const Value change = json::parse(filled);
        const std::string &method = change.find("method")->string, &path = change.find("path")->string;
        BOOST_TEST_CONTEXT(method << " " << path) { check(change, saved); }
        const auto* operation = openapi.find(method, path);
        BOOST_TEST_REQUIRE((operation != nullptr), method << " " << path);
        tried.insert(operation->method + " " + operation->path);
    }
    for (const auto& operation : openapi.operations()) {
        const std::string name = operation.method + " " + operation.path;
        BOOST_TEST((operation.method == "GET" || tried.contains(name)), "changes.json has no " << name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing

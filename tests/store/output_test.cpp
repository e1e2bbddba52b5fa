// How the output of a run is stored.
#include "domain/resource_limits.hpp"
#include "store/sqlite/packed_output.hpp"
#include "world.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

const std::vector<OutputChunk> kAll{
    {Stream::out, 5, std::string("a\0b\n1 2 3", 9)},
    {.stream = Stream::out, .at = 6, .left_out = 1'000'000'000'000},
    {Stream::err, 7, "\xff"},
    {Stream::log, -8, "text {", LogLevel::error, R"({"a":[1]})"},
    {Stream::log, 9, "", LogLevel::debug, ""},
};

bool equal(const OutputChunk& a, const OutputChunk& b) {
    return a.stream == b.stream && a.at == b.at && a.data == b.data && a.level == b.level && a.fields == b.fields &&
           a.left_out == b.left_out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(output_comes_back_as_it_was) {
    const auto back = sqlite::unpacked(sqlite::packed(kAll));
    BOOST_REQUIRE_EQUAL(back.size(), kAll.size());
    for (std::size_t i = 0; i < kAll.size(); ++i) BOOST_TEST(equal(back[i], kAll[i]), i);
    BOOST_TEST(sqlite::unpacked("").empty());
}

BOOST_AUTO_TEST_CASE(the_most_that_is_kept_of_a_run_fits_a_value) {
    constexpr std::size_t smallest_piece = 128;  // on average, of a stream in very many pieces
    const OutputChunk piece{.stream = Stream::out, .at = 1LL << 53, .data = std::string(smallest_piece, 'x')};
    const std::size_t of_a_stream = kMostOutput / smallest_piece * sqlite::packed({piece}).size();
    const std::size_t of_log_lines = kMostOutput;  // which count 64 bytes more each
    sqlite3* db = nullptr;
    BOOST_REQUIRE(sqlite3_open(":memory:", &db) == SQLITE_OK);
    const auto most = static_cast<std::size_t>(sqlite3_limit(db, SQLITE_LIMIT_LENGTH, -1));
    sqlite3_close(db);
    BOOST_TEST(2 * of_a_stream + of_log_lines < most);
    BOOST_TEST(limit_named("output")->most == kMostOutput);
}

BOOST_AUTO_TEST_CASE(damaged_output_is_refused_wherever_it_is_cut) {
    std::string whole = sqlite::packed(kAll);
    std::size_t read = 0;
    for (std::size_t size = 1; size < whole.size(); ++size) {
        try {
            const auto some = sqlite::unpacked(whole.substr(0, size));
            ++read;  // cut between two pieces
            BOOST_TEST(some.size() == read);
        } catch (const std::runtime_error&) {}
    }
    BOOST_TEST(read == kAll.size() - 1);
    for (const char* odd : {"4 0 0 0 0 0\n", "0 0 0 0 0 0\n", "1 0 4 0 0 0\n", "1 0 0 0 -1 0\n", "1 0 0 0 0 0 ", "x"})
        BOOST_CHECK_THROW(sqlite::unpacked(odd), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(output_of_the_first_schema_is_taken_over) {
    World w(&Sqlite::open);
    const RunId run = w.run_now(w.put_manual("a")), other = w.run_now(w.put_manual("b"));
    w.store.reset();
    sqlite3* db = nullptr;
    BOOST_REQUIRE(sqlite3_open((w.dir / "foliot.db").c_str(), &db) == SQLITE_OK);
    const std::string first = "INSERT INTO execution_out VALUES(" + std::to_string(raw(run));
    const std::string made =
        "DROP TABLE execution_output; UPDATE meta SET v='1' WHERE k='schema';"
        "CREATE TABLE execution_out(exec INTEGER, n INTEGER, at INTEGER, stream INTEGER, data BLOB,"
        " PRIMARY KEY(exec, n)) STRICT, WITHOUT ROWID;" +
        first + ",0,5,1,x'610062ff0a');" + first + ",1,6,2,x'');" + first +
        ",2,7,3,CAST('WARNING take care {}' AS BLOB));" + first + ",3,8,3,CAST('odd' AS BLOB));" +
        "INSERT INTO execution_out VALUES(" + std::to_string(raw(other)) + ",0,9,3,CAST('INFO x' AS BLOB));";
    char* problem = nullptr;
    sqlite3_exec(db, made.c_str(), nullptr, nullptr, &problem);
    BOOST_REQUIRE_MESSAGE(problem == nullptr, problem);
    sqlite3_close(db);
    w.reopen();
    const auto output = w.store->read()->output(run);
    const std::vector<OutputChunk> wanted{{Stream::out, 5, std::string("a\0b\xff\n", 5)},
                                          {Stream::err, 6, ""},
                                          {Stream::log, 7, "take care {}", LogLevel::warning},
                                          {Stream::log, 8, "odd"}};
    BOOST_REQUIRE_EQUAL(output.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) BOOST_TEST(equal(output[i], wanted[i]), i);
    BOOST_TEST(w.store->read()->output(other).at(0).data == "x");
}

// What a run wrote so far, and that what is stored goes on where that ends.
#include "pool_fixture.hpp"
#include "runner/output_capture.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace foliot;
using namespace foliot::runner;
using namespace foliot::testing;

namespace {

/// Reads on, as one who follows does.
struct Reader {
    OutputPosition seen;
    std::string out, err;
    std::vector<std::string> log;

    void take(const OutputPiece& piece) {
        take(piece.chunks);
        seen = piece.end;
    }
    void take_rest(const std::vector<OutputChunk>& stored) { take(output_after(stored, seen)); }

  private:
    void take(const std::vector<OutputChunk>& chunks) {
        for (const auto& chunk : chunks) {
            if (chunk.stream == Stream::log) {
                log.push_back(log_line(chunk));
            } else {
                (chunk.stream == Stream::out ? out : err) += chunk.data;
            }
        }
    }
};

std::vector<std::string> texts_of(const std::vector<OutputChunk>& chunks) {
    std::vector<std::string> texts;
    for (const auto& chunk : chunks)
        texts.push_back(chunk.left_out > 0 ? std::to_string(chunk.left_out) + " missing" : chunk.data);
    return texts;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_run_is_looked_at_while_it_goes_on_and_the_rest_is_with_its_end) {
    Pool pool(1);
    const auto file = pool.folder / "go";
    const RunId run = pool.submit("steps", 0, "{\"path\":\"" + file.string() + "\"}");
    Reader reader;
    BOOST_TEST(pool.turn_until([&] {
        if (const auto piece = pool.supervisor->look(run, reader.seen)) reader.take(*piece);
        return !reader.out.empty() && !reader.err.empty() && !reader.log.empty();
    }));
    BOOST_TEST(reader.out == "out one\n");
    BOOST_TEST(reader.err == "err one\n");
    std::ofstream(file).flush();
    reader.take_rest(pool.result_of(run).output);
    BOOST_TEST(!pool.supervisor->look(run, reader.seen));
    BOOST_TEST(reader.out == "out one\nout two\nno newline");
    BOOST_TEST(reader.err == "err one\nerr two\n");
    BOOST_TEST(reader.log == (std::vector<std::string>{"INFO log one", "INFO log two"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_run_that_waits_is_here_and_an_unknown_one_is_not) {
    Pool pool(1);
    const auto file = pool.folder / "go";
    const std::string kwargs = "{\"path\":\"" + file.string() + "\"}";
    const RunId first = pool.submit("steps", 0, kwargs), second = pool.submit("steps", 0, kwargs);
    BOOST_TEST(pool.turn_until([&] {
        const auto piece = pool.supervisor->look(first, {});
        return piece && !piece->chunks.empty();
    }));
    const auto waits = pool.supervisor->look(second, {});
    BOOST_REQUIRE(waits);
    BOOST_TEST((waits->chunks.empty() && !waits->more));
    BOOST_TEST(!pool.supervisor->look(RunId{999}, {}));
    std::ofstream(file).flush();
    BOOST_TEST(pool.output_of(second, Stream::out) == "out one\nout two\nno newline");
}

BOOST_AUTO_TEST_CASE(streams_are_put_together_in_the_order_in_which_they_came) {
    CappedText out(1'000), err(1'000);
    LogCapture log;
    out.append("one ", {1, 10});
    err.append("two ", {2, 20});
    log.add({Stream::log, 29, "three"}, 3, 1'000);
    log.add({Stream::log, 30, "four"}, 3, 1'000);
    out.append("five ", {4, 40});
    out.append("six", {5, 50});
    OutputPosition seen;
    std::vector<OutputChunk> chunks;
    BOOST_TEST(put_in_order(out.view(), err.view(), log, 1'000, seen, chunks));
    BOOST_TEST(texts_of(chunks) == (std::vector<std::string>{"one ", "two ", "three", "four", "five ", "six"}),
               boost::test_tools::per_element());
    BOOST_TEST(chunks[1].at == 20);
    BOOST_TEST(chunks[2].at == 29);
    BOOST_TEST((seen == OutputPosition{.out = 12, .err = 4, .lines = 2}));
    const std::vector<std::string> rest{"wo ", "three", "four", "ve ", "six"};
    BOOST_TEST(texts_of(output_after(chunks, {.out = 6, .err = 1})) == rest, boost::test_tools::per_element());
    chunks.clear();
    seen = {.out = 6, .err = 1};
    BOOST_TEST(put_in_order(out.view(), err.view(), log, 1'000, seen, chunks));
    BOOST_TEST(texts_of(chunks) == rest, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_piece_tells_what_is_missing_where_it_is_missing) {
    CappedText out(8), err(8);
    out.append("aaaabbbb", {1, 10});
    err.append("err", {2, 20});
    out.append("cccc", {3, 30});
    OutputPosition seen;
    std::vector<OutputChunk> chunks;
    BOOST_TEST(!put_in_order(out.view(), err.view(), {}, 1, seen, chunks));
    BOOST_TEST(texts_of(chunks) == std::vector<std::string>{"a"}, boost::test_tools::per_element());
    BOOST_TEST(put_in_order(out.view(), err.view(), {}, 1'000, seen, chunks));
    BOOST_TEST(texts_of(chunks) == (std::vector<std::string>{"a", "aaa", "err", "4 missing", "cccc"}),
               boost::test_tools::per_element());
    // Who has seen some of what went missing since is told of the others.
    BOOST_TEST(texts_of(output_after(chunks, {.out = 6, .err = 3})) == (std::vector<std::string>{"2 missing", "cccc"}),
               boost::test_tools::per_element());
    BOOST_TEST(texts_of(output_after(chunks, {.out = 10})) == (std::vector<std::string>{"err", "cc"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(no_character_is_given_in_halves) {
    CappedText out(1'000);
    out.append("\xe2\x82\xac\xe2\x82\xac", {1, 10});
    for (const std::size_t most : {1UL, 2UL, 4UL, 5UL}) {
        OutputPosition seen;
        std::vector<OutputChunk> chunks;
        while (!put_in_order(out.view(), {}, {}, most, seen, chunks)) {}
        for (const auto& chunk : chunks) BOOST_TEST((most < 3 || chunk.data == "\xe2\x82\xac"), most);
    }
}

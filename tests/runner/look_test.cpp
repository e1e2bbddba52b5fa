// What a run wrote so far, and that what is stored goes on where that ends.
#include "pool_fixture.hpp"
#include "runner/output_capture.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <random>

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
        out += piece.out;
        err += piece.err;
        for (const auto& line : piece.log) log.push_back(line.data);
        seen = piece.end;
    }
    void take_rest(const std::vector<OutputChunk>& stored) {
        for (const auto& chunk : output_after(stored, seen)) {
            if (chunk.stream == Stream::log) {
                log.push_back(chunk.data);
            } else {
                (chunk.stream == Stream::out ? out : err) += chunk.data;
            }
        }
    }
};

/// The number in a line that tells what was left out, 0: it is none.
std::uint64_t told(const std::string& line) {
    const auto at = line.find("[... ");
    return at == std::string::npos ? 0 : std::stoull(line.substr(at + 5));
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
        return piece && !piece->out.empty();
    }));
    const auto waits = pool.supervisor->look(second, {});
    BOOST_REQUIRE(waits);
    BOOST_TEST((waits->out.empty() && waits->log.empty() && !waits->more));
    BOOST_TEST(!pool.supervisor->look(RunId{999}, {}));
    std::ofstream(file).flush();
    BOOST_TEST(pool.output_of(second, Stream::out) == "out one\nout two\nno newline");
}

BOOST_AUTO_TEST_CASE(whenever_a_text_is_looked_at_every_byte_of_it_comes_once_or_is_told_of) {
    std::minstd_rand random(7);
    for (int round = 0; round < 2'000; ++round) {
        CappedText text(random() % 100 + 2);
        OutputPosition seen;
        std::uint64_t written = 0, left_out = 0;
        std::string got;
        const auto take = [&](const std::string& piece) {
            const auto mark = piece.find("\n[");
            if (mark == std::string::npos) return void(got += piece);
            left_out += told(piece);
            got += piece.substr(0, mark) + piece.substr(piece.find("]\n") + 2);
        };
        const auto parts = random() % 20;
        for (unsigned i = 0; i < parts; ++i) {
            const std::string part(random() % 60, 'x');
            text.append(part);
            written += part.size();
            if (random() % 3 == 0) {
                seen.text_head = text.head_size();
                take(text.view().after(seen.out, random() % 40 + 1));
            }
        }
        const std::string stored = text.take();
        for (const auto& chunk : output_after({{Stream::out, 0, stored}}, seen)) take(chunk.data);
        BOOST_REQUIRE_EQUAL(got.size() + left_out, written);
    }
}

BOOST_AUTO_TEST_CASE(whenever_a_log_is_looked_at_every_line_of_it_comes_once_or_is_told_of) {
    std::minstd_rand random(11);
    for (int round = 0; round < 2'000; ++round) {
        LogCapture log;
        const std::size_t max = random() % 1'000 + 70;
        OutputPosition seen;
        std::vector<OutputChunk> got;
        const auto lines = random() % 40;
        for (unsigned i = 0; i < lines; ++i) {
            log.add({Stream::log, 1, std::to_string(i)}, max);
            if (random() % 4 == 0) log.after(seen, random() % 10 + 1, got);
        }
        std::vector<OutputChunk> stored;
        log.move_to(stored);
        for (OutputChunk& chunk : output_after(stored, seen)) got.push_back(std::move(chunk));
        std::uint64_t number = 0;
        for (const OutputChunk& line : got) {
            const std::uint64_t dropped = told(line.data);
            if (dropped == 0) BOOST_REQUIRE_EQUAL(line.data, std::to_string(number));
            number += std::max<std::uint64_t>(dropped, 1);
        }
        BOOST_REQUIRE_EQUAL(number, lines);
    }
}

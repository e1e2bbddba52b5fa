#include "runner/mask.hpp"

#include "pool_fixture.hpp"
#include "runner/live_output.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace foliot;
using namespace foliot::runner;
using namespace foliot::testing;

namespace {

std::string hidden(const Mask& mask, std::string text) {
    mask.hide(text);
    return text;
}

std::string bytes_left_out(std::uint64_t count) { return "[" + std::to_string(count) + "]"; }

std::string hidden(const Mask& mask, const KeptText& kept, Mask::End end) {
    const HiddenText text = mask.hidden(kept, end);
    return text.head + (text.dropped > 0 ? bytes_left_out(text.dropped) : "") + text.tail;
}

/// At most `most` bytes after `seen`, which moves on.
std::string next_of(const HiddenText& text, OutputPosition& seen, std::size_t most) {
    std::vector<OutputChunk> chunks;
    put_in_order(text.view(), {}, {}, most, seen, chunks);
    std::string bytes;
    for (const OutputChunk& chunk : chunks) bytes += chunk.data;
    return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mask)

BOOST_AUTO_TEST_CASE(a_secret_becomes_as_many_asterisks) {
    const Mask mask({R"("open sesame")"});
    BOOST_TEST(hidden(mask, "say open sesame twice: open sesame!") == "say *********** twice: ***********!");
    BOOST_TEST(hidden(mask, "say open") == "say open");
    BOOST_TEST(hidden(Mask({R"("abab")"}), "xabababy") == "x******y");  // wherever they overlap
}

BOOST_AUTO_TEST_CASE(also_as_json_and_urls_spell_it) {
    const Mask mask({R"("a\"b/\u00e9 c")"});
    BOOST_TEST(hidden(mask, "<a\"b/\xc3\xa9 c>") == "<********>");
    BOOST_TEST(hidden(mask, R"(<a\"b/é c>)") == "<*********>");
    BOOST_TEST(hidden(mask, R"(<a\"b/\u00e9 c>)") == "<*************>");
    BOOST_TEST(hidden(mask, "<a%22b%2F%C3%A9%20c>") == "<******************>");
}

BOOST_AUTO_TEST_CASE(texts_in_lists_and_objects_and_each_line_of_several_are_secrets_too) {
    const Mask mask({R"({"Authorization":"Bearer xyz","more":["deeper",12345]})", R"("line one\nline two\n")"});
    BOOST_TEST(hidden(mask, "Bearer xyz deeper 12345 Authorization") == "********** ****** ***** Authorization");
    BOOST_TEST(hidden(mask, "1: line two") == "1: ********");
}

BOOST_AUTO_TEST_CASE(credentials_are_secrets_without_their_scheme_too) {
    for (const char* scheme : {"Bearer", "Token", "Basic", "bearer"}) {
        const Mask mask({R"({"Authorization":")" + std::string(scheme) + R"(  s3cret! \n"})"});
        BOOST_TEST(hidden(mask, "got s3cret! for " + std::string(scheme)) == "got ******* for " + std::string(scheme));
    }
    const Mask mask({R"("Basic b2xnYTpvcGVuOnNlc2FtZQ==")"});  // olga:open:sesame
    BOOST_TEST(hidden(mask, "b2xnYTpvcGVuOnNlc2FtZQ== is olga's open:sesame") ==
               "************************ is olga's ***********");
    BOOST_TEST(hidden(Mask({R"("Basic b2xnYTo=")"}), "olga") == "olga");  // no password
    BOOST_TEST(hidden(Mask({R"("Basic training")"}), "a training, basic") == "a ********, basic");
    BOOST_TEST(hidden(Mask({R"("Bearers of news")"}), "no news") == "no news");
    BOOST_TEST(hidden(Mask({R"("Token ")"}), "Token") == "Token");
}

BOOST_AUTO_TEST_CASE(what_is_too_short_hides_nothing) {
    BOOST_TEST(Mask({R"("abc")", "null", "true", R"("")", "12"}).empty());
}

BOOST_AUTO_TEST_CASE(json_stays_json_however_its_texts_are_spelled) {
    const Mask mask({R"("12345")", R"("tab\tand\r\nmore")"});
    const auto hidden_json = [&](std::string json) {
        mask.hide_in_json(json);
        return json;
    };
    BOOST_TEST(hidden_json(R"({"a":[1.50,"12345"]})") == R"({"a":[1.50,"*****"]})");
    BOOST_TEST(hidden_json(R"({"a":12345,"b":1234})") == R"({"a":"*****","b":1234})");
    BOOST_TEST(hidden_json(R"({"x12345":true})") == R"({"x*****":true})");
    BOOST_TEST(hidden_json(R"(["tab\u0009and\u000D\u000amore!"])") == R"(["*************!"])");
    BOOST_TEST(hidden_json("no json 12345") == "no json *****");
    BOOST_TEST(hidden(mask, R"(printed tab\u0009and\u000d\u000amore)") == "printed ****************************");
    BOOST_TEST(hidden(mask, "a line of it: tab\tand\r\n") == "a line of it: *******\r\n");
}

BOOST_AUTO_TEST_CASE(what_was_cut_at_a_length_ends_without_a_part_of_a_secret) {
    const Mask mask({R"("sesame")"});
    std::string cut = "xxxx ses", whole = cut;
    mask.hide(cut, 8);
    mask.hide(whole, 100);
    BOOST_TEST(cut == "xxxx ***");
    BOOST_TEST(whole == "xxxx ses");
    BOOST_TEST(hidden(mask, {"open ses", 0, ""}, Mask::End::cut) == "open ***");
}

BOOST_AUTO_TEST_CASE(many_secrets_that_hold_each_other_are_found_in_one_pass) {
    std::string all = "{";
    for (std::size_t n = 4; n < 180; ++n) {
        all += (n == 4 ? "\"" : ",\"") + std::to_string(n) + "\":\"" + std::string(n, 'a') + "\"";
    }
    const Mask mask({all + "}"});
    std::string text(256U << 10U, 'a');
    text += "b" + std::string(3, 'a') + "b";
    mask.hide(text);
    BOOST_TEST(text.substr((256U << 10U) - 2) == "**baaab");
}

BOOST_AUTO_TEST_CASE(where_the_middle_is_left_out_no_half_is_left) {
    const Mask mask({R"("sesame")"});
    BOOST_TEST(hidden(mask, {"head ses", 9, "same tail"}, Mask::End::whole) ==
               "head ***" + bytes_left_out(9) + "**** tail");
    BOOST_TEST(hidden(mask, {"head ses", 0, "ame tail"}, Mask::End::whole) == "head ****** tail");
    BOOST_TEST(hidden(mask, {"sesame s", 3, "x sesame"}, Mask::End::whole) ==
               "****** *" + bytes_left_out(3) + "x ******");
}

BOOST_AUTO_TEST_CASE(while_more_may_follow_the_beginning_of_a_secret_is_held_back) {
    const Mask mask({R"("sesame")", R"("sesamestreet")"});
    BOOST_TEST(hidden(mask, {"open ses", 0, ""}, Mask::End::open) == "open ");
    BOOST_TEST(hidden(mask, {"open sesame", 0, ""}, Mask::End::open) == "open ");  // it may become the longer one
    BOOST_TEST(hidden(mask, {"open sesame.", 0, ""}, Mask::End::open) == "open ******.");
    BOOST_TEST(hidden(mask, {"open ses", 0, ""}, Mask::End::whole) == "open ses");
    BOOST_TEST(hidden(mask, {"op", 4, "in ses"}, Mask::End::open) == "op" + bytes_left_out(4) + "in ");
}

BOOST_AUTO_TEST_CASE(one_who_reads_on_gets_what_is_stored_byte_for_byte) {
    const Mask mask({R"("sesame")", R"("abcabcabd")"});
    const std::string text = "s se sesame abcabcabcabd sesesame abcabcab sesamesesame s";
    for (std::size_t head = 0; head <= text.size(); head += 5) {
        std::string read;
        OutputPosition seen;
        for (std::size_t end = 0; end <= text.size(); ++end) {
            const std::string_view so_far = std::string_view(text).substr(0, end);
            const HiddenText shown =
                mask.hidden({so_far.substr(0, head), 0, so_far.substr(std::min(head, end))}, Mask::End::open);
            read += next_of(shown, seen, 3);
        }
        const HiddenText whole = mask.hidden({text, 0, ""}, Mask::End::whole);
        read += next_of(whole, seen, 1'000'000);
        BOOST_TEST(read == hidden(mask, text));
    }
}

BOOST_AUTO_TEST_CASE(nothing_that_a_run_says_has_its_secrets) {
    Pool pool(1);
    const auto go = pool.folder / "go";
    RunOrder order =
        pool.order(fixture("run_tells_secrets"), 0,
                   R"({"token":"open \"sesame\"","headers":{"X-Key":"k-1234"},"wait_for":")" + go.string() + "\"}");
    order.mask = Mask({R"("open \"sesame\"")", R"({"X-Key":"k-1234"})"});
    const RunId run = pool.submit(std::move(order));
    OutputPosition seen;
    std::string live;
    BOOST_TEST(pool.turn_until([&] {
        const auto piece = pool.supervisor->look(run, seen);
        if (!piece) return false;
        for (const auto& chunk : piece->chunks)
            live += chunk.stream == Stream::log ? log_line(chunk) + "\n" : chunk.data;
        seen = piece->end;
        return live.find("log ***") != std::string::npos && live.find("err\n") != std::string::npos;
    }));
    std::ofstream(go).flush();
    const store::Finished& finished = pool.result_of(run);
    BOOST_REQUIRE(finished.progress.has_value());
    BOOST_TEST(finished.progress->note == "note *************");
    BOOST_TEST(finished.verdict.result == R"({"token":"*************","within":"<*************>","X-Key":"******"})");
    BOOST_TEST(pool.output_of(run, Stream::out) == "out ************* out\n");
    std::string all = live + finished.verdict.result;
    for (const auto& chunk : finished.output) all += chunk.data + chunk.fields;
    for (const char* part : {"sesame", "k-1234"}) BOOST_TEST(all.find(part) == std::string::npos, all);
}

BOOST_AUTO_TEST_CASE(nor_has_its_error) {
    Pool pool(1);
    RunOrder order = pool.order(fixture("run_tells_secrets"), 0, R"({"token":"sesame","fail":true})");
    order.mask = Mask({R"("sesame")"});
    BOOST_TEST(pool.result_of(pool.submit(std::move(order))).verdict.error == "cannot use ******");
}

BOOST_AUTO_TEST_SUITE_END()

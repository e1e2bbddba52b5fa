// What people read and write: texts, tables, times.
#include "base/time_text.hpp"
#include "cli/shown.hpp"
#include "cli/table.hpp"
#include "cli/times.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::cli;

namespace {

Times utc() { return Times(Options({"--utc"}, {{"utc", "", ""}}, {})); }

}  // namespace

BOOST_AUTO_TEST_SUITE(words)

BOOST_AUTO_TEST_CASE(what_would_do_something_to_a_terminal_is_escaped) {
    BOOST_TEST(shown("plain é 日本") == "plain é 日本");
    BOOST_TEST(shown("a\033[2Jb\x7f") == "a\\x1b[2Jb\\x7f");
    BOOST_TEST(shown("a\nb\tc\r") == "a\\nb\\tc\\r");
    BOOST_TEST(shown("a\nb\tc\r", Breaks::keep) == "a\nb\tc\\r");
    BOOST_TEST(shown("\xc2\x9b"
                     "31m") == "\\x9b31m");
    BOOST_TEST(shown("\xe2\x80\xae") == "\\u202e");
    BOOST_TEST(shown("\xff\xc3") == "\\xff\\xc3");
}

BOOST_AUTO_TEST_CASE(columns_are_those_of_a_terminal) {
    BOOST_TEST(columns("abc") == 3U);
    BOOST_TEST(columns("é") == 1U);
    BOOST_TEST(columns("日本") == 4U);
    BOOST_TEST(columns("e\xcc\x81") == 1U);
    BOOST_TEST(cut_to("日本語", 5) == "日本…");
    BOOST_TEST(cut_to("abcdef", 4) == "abc…");
    BOOST_TEST(cut_to("abcd", 4) == "abcd");
}

BOOST_AUTO_TEST_CASE(the_columns_of_a_table_are_aligned_and_the_widest_gives_way) {
    Table table({"ID", cut("NAME")});
    table.add({"日本", "x"});
    table.add({"a", "a long name that goes on"});
    BOOST_TEST(table.text(0) == "ID    NAME\n日本  x\na     a long name that goes on\n");
    BOOST_TEST(table.text(20) == "ID    NAME\n日本  x\na     a long name t…\n");
    Table ids({"ID", cut("NAME"), "DUE"});
    ids.add({"an id that can be copied", "a long name", "2026-11-22 14:11:02"});
    BOOST_TEST(ids.text(20) ==
               "ID                        NAME      DUE\n"
               "an id that can be copied  a long …  2026-11-22 14:11:02\n");
}

BOOST_AUTO_TEST_CASE(fields_stand_below_each_other_and_empty_ones_are_left_out) {
    Fields fields;
    fields.add("id", "x");
    fields.add("nothing", "");
    fields.add("fires", "one\ntwo");
    BOOST_TEST(fields.text() == "id     x\nfires  one\n       two\n");
}

BOOST_AUTO_TEST_CASE(lengths_are_read_and_said) {
    BOOST_TEST(*length_in("90") == 90 * kSecond);
    BOOST_TEST(*length_in("5m") == 300 * kSecond);
    BOOST_TEST(*length_in("1h30m") == 5'400 * kSecond);
    BOOST_TEST(*length_in("1.5s") == 1'500'000);
    BOOST_TEST(*length_in("1w2d") == 9 * 86'400 * kSecond);
    for (const char* wrong :
         {"", "m", "5x", "5m5m", "30m1h", "1h30", "-5m", "0", "0s", "1e9", "inf", "nan", "99999999999w"})
        BOOST_TEST(!length_in(wrong), wrong);
    BOOST_TEST(length_text(20) == "0.02 ms");
    BOOST_TEST(length_text(4'200'000) == "4.2 s");
    BOOST_TEST(length_text(300 * kSecond) == "5 min");
    BOOST_TEST(length_text(11'521 * kSecond) == "3 h 12 min");
    BOOST_TEST(length_text(90'000 * kSecond) == "1 d 1 h");
}

BOOST_AUTO_TEST_CASE(times_are_read_in_many_ways) {
    const Micros now = parse_time("2026-11-21T01:30:00Z")->at;
    BOOST_TEST(utc().moment("at", "now", now).at == now);
    BOOST_TEST(utc().moment("at", "+10m", now).at == now + 600 * kSecond);
    BOOST_TEST(utc().moment("at", "-2h", now).at == now - 7'200 * kSecond);
    BOOST_TEST(utc().moment("at", "2026-11-21 01:30", 0).at == now);
    BOOST_TEST(utc().moment("at", "2026-11-21T02:30:00+01:00", 0).at == now);
    BOOST_CHECK_THROW(utc().moment("at", "tomorrow", now), UsageError);
    BOOST_CHECK_THROW(utc().moment("at", "+soon", now), UsageError);
    BOOST_TEST(utc().shown("2026-11-21T01:30:00.123456+00:00") == "2026-11-21 01:30:00+00:00");
    BOOST_TEST(utc().shown("no time") == "no time");
}

BOOST_AUTO_TEST_CASE(times_in_a_sentence_are_shown_as_others_are) {
    BOOST_TEST(utc().within("The run of 2026-11-21T01:30:00.123456+00:00 ran to 2026-11-21T03:30:01+02:00 (1 s).") ==
               "The run of 2026-11-21 01:30:00+00:00 ran to 2026-11-21 01:30:01+00:00 (1 s).");
    BOOST_TEST(utc().within("since 2026-11-21T01:30:00Z") == "since 2026-11-21 01:30:00+00:00");
    for (const char* none : {"", "2026-11-21T01:30:00", "2026-11-21T01:30:0", "x9", "2026-11-21T01:30:00.5"})
        BOOST_TEST(utc().within(none) == none);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_changed_shows_times_twice_and_never) {
    using Comes = WallTime::Comes;
    const OffsetAt berlin = *offset_of_zone("Europe/Berlin");
    const auto check = [&](const char* reading, Comes comes, const char* at, const char* note) {
        const Micros local = parse_time(reading)->at;
        const WallTime time = wall_time(local, berlin);
        BOOST_TEST((time.comes == comes), reading);
        BOOST_TEST(iso_time(time.at) == at);
        BOOST_TEST(note_of(time, local, berlin) == note);
    };
    check("2027-10-31 02:30", Comes::twice, "2027-10-31T00:30:00+00:00",
          "2027-10-31 02:30 comes twice: fires the first time");
    check("2027-10-31 01:59:59", Comes::once, "2027-10-30T23:59:59+00:00", "");
    check("2027-10-31 03:00", Comes::once, "2027-10-31T02:00:00+00:00", "");
    check("2027-03-28 02:30", Comes::never, "2027-03-28T01:00:00+00:00",
          "2027-03-28 02:30 does not exist: fires at 2027-03-28 03:00");
    check("2027-03-28 03:00", Comes::once, "2027-03-28T01:00:00+00:00", "");
    check("2027-03-28 01:59:59", Comes::once, "2027-03-28T00:59:59+00:00", "");
    check("2027-07-01 12:00:00.5", Comes::once, "2027-07-01T10:00:00.500000+00:00", "");
    BOOST_TEST(!offset_of_zone("Mars/Base"));
}

BOOST_AUTO_TEST_SUITE_END()

// The examples of docs/triggers.md.
#include "base/fd.hpp"
#include "base/time_text.hpp"
#include "trigger/describe.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace foliot;
using namespace foliot::trigger;

namespace {

/// The cells of "| `line` | zone | after | fires | ... |"; empty for other lines.
std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> found;
    if (!line.starts_with("| `")) return found;
    for (std::size_t at = 2; at < line.size();) {
        const auto end = line.find(" |", at);
        found.push_back(line.substr(at, end - at));
        at = end + 3;
    }
    return found;
}

std::string fires(const Trigger& trigger, const ZonePtr& zone, Micros after, std::size_t n) {
    std::string text;
    for (; n > 0; --n) {
        after = next_after(trigger, after).value();
        const Micros offset = zone ? zone->at(after).offset : 0;
        text += (text.empty() ? "" : ", ") + iso_time(after, static_cast<int>(offset / kSecond));
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_examples_of_the_document_are_true) {
    std::istringstream document(read_file(FOLIOT_SOURCE_DIR "/docs/triggers.md"));
    int examples = 0;
    bool in_words = false;  // the last cell
    for (std::string line; std::getline(document, line);) {
        if (line.starts_with("| line ")) in_words = line.ends_with("in words |");
        const auto row = cells(line);
        if (row.size() != 5) continue;
        const ZonePtr zone = find_zone(row[1]).value();
        const Trigger trigger = make_crontab(row[0].substr(1, row[0].size() - 2), {}, {}, zone);
        BOOST_TEST(fires(trigger, zone, parse_time(row[2]).value().at, 2) == row[3], line);
        if (in_words) BOOST_TEST(describe(trigger) == row[4]);
        ++examples;
    }
    BOOST_TEST(examples == 21);
}

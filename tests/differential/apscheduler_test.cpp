// Our triggers beside APScheduler's own (Debian's python3-apscheduler): random fields, in UTC and in zones away from
// changes of the clock; the next 20 fires must be the same.
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "support/how_much.hpp"
#include "trigger/trigger.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <memory>

using namespace foliot;
using namespace foliot::trigger;

namespace {

Micros at(const json::Value& text) { return parse_time(text.string).value().at; }

/// The output of the script, line by line.
class Script {
  public:
    Script(int seed, int count)
        : pipe_(::popen(("/usr/bin/python3 " FOLIOT_SOURCE_DIR "/tests/differential/apscheduler_fires.py " +
                         std::to_string(seed) + " " + std::to_string(count))
                            .c_str(),
                        "re")) {
        BOOST_REQUIRE(pipe_ != nullptr);
    }
    ~Script() {
        if (pipe_ != nullptr) ::pclose(pipe_);
    }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

    std::optional<std::string> line() {
        std::string text;
        std::array<char, 4'096> part{};
        while (std::fgets(part.data(), static_cast<int>(part.size()), pipe_) != nullptr) {
            text += part.data();
            if (text.ends_with('\n')) return text;
        }
        return std::nullopt;
    }
    int end() { return ::pclose(std::exchange(pipe_, nullptr)); }

  private:
    std::FILE* pipe_;
};

Trigger read_trigger(const json::Value& line) {
    if (const auto* seconds = line.find("seconds")) {
        const double length = std::stod(std::string(seconds->raw));
        return Interval{
            .every = std::llround(length * static_cast<double>(kSecond)), .start = at(*line.find("start")), .end = {}};
    }
    std::array<std::optional<std::string>, kFieldCount> given;
    for (std::size_t i = 0; i < kFieldCount; ++i) {
        if (const auto* text = line.find("fields")->find(field_name(static_cast<Field>(i)))) given[i] = text->string;
    }
    return make_cron(given, {}, {}, find_zone(line.find("zone")->string).value());
}

/// Does the clock stay as it is from two days before to two days after?
bool is_steady(const ZonePtr& zone, Micros from, Micros to) {
    constexpr Micros kTwoDays = Micros{2 * 86'400} * kSecond;
    if (zone == nullptr) return true;
    const auto stretch = zone->at(from);
    return from - stretch.begin > kTwoDays && stretch.end - to > kTwoDays;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_next_fires_are_those_of_apscheduler) {
    const int count = foliot::testing::long_run() ? 40'000 : 3'000;
    Script script(20261121, count);
    int compared = 0, in_zones = 0, refused = 0;
    while (const auto text = script.line()) {
        const auto line = json::parse(*text);
        const auto& fires = line.find("fires")->items;
        const ZonePtr zone = find_zone(line.find("zone")->string).value();
        const Micros from = at(*line.find("from"));
        if (!is_steady(zone, from, fires.empty() ? from : at(fires.back()))) continue;
        try {
            const Trigger trigger = read_trigger(line);
            Micros after = from - 1;
            for (const auto& fire : fires) {
                const auto next = next_after(trigger, after);
                BOOST_REQUIRE_MESSAGE((next && *next == at(fire)), *text << (next ? iso_time(*next) : "none"));
                after = *next;
            }
            if (fires.size() < 20 && zone == nullptr) BOOST_TEST(!next_after(trigger, after).has_value(), *text);
            ++compared;
            in_zones += zone ? 1 : 0;
        } catch (const RequestError& e) {
            BOOST_TEST(fires.empty(), *text << e.what());  // no date ever matches: refused when it is saved
            ++refused;
        }
    }
    BOOST_TEST(script.end() == 0);
    BOOST_TEST_MESSAGE(compared << " compared, " << in_zones << " of them in zones; " << refused << " refused");
    BOOST_TEST(compared > count / 2);
    BOOST_TEST(in_zones > count / 3);
}

// The next fire of crontab lines, from each fire to the next, beside APScheduler and croniter in the same run
// (triggers.py). The last line is one JSON object: microseconds a fire.
#include "base/json.hpp"
#include "base/time_text.hpp"
#include "trigger/trigger.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace {

using namespace foliot;

constexpr std::array kLines{"*/5 * * * *", "0 2 * * *", "30 4 1,15 * *", "0 0 29 2 *"};
constexpr std::array kZones{"UTC", "Europe/Berlin"};
/// Each is rare, slow to rule out, or both.
constexpr std::array kPathological{"0 0 29 2 1", "59 59 23 31 12 *", "0 0 1-7 * *", "* * 31 1,3,5,7,8,10,12 sun",
                                   "* 2 25-31 3 */7"};  // the last is only ever in Berlin's gap: it never fires

template <class Work>
double micros_each(int rounds, const Work& work) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < rounds; ++i) work();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / rounds;
}

double next_fire(const trigger::Trigger& trigger, int rounds) {
    const Micros begin = parse_time("2026-11-21T00:00:00Z").value().at;
    const Micros end = parse_time("2400-01-01T00:00:00Z").value().at;
    Micros at = begin;
    return micros_each(rounds, [&] { at = at < end ? trigger::next_after(trigger, at).value_or(begin) : begin; });
}

trigger::Trigger line_in(const char* line, const char* zone) {
    return trigger::make_crontab(line, {}, {}, trigger::find_zone(zone).value());
}

/// Of thousands of years only the last has a 29 February.
trigger::Trigger far_leap_day() {
    return trigger::make_cron({"1971-9999/2,9996", "2", "29"}, {}, {}, trigger::find_zone("Europe/Berlin").value());
}

std::string python() {
    std::string command = "/usr/bin/python3 " FOLIOT_SOURCE_DIR "/bench/triggers.py";
    for (const char* line : kLines) command += " '" + std::string(line) + "'";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "re"), &::pclose);
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::string text;
    std::array<char, 4'096> part{};
    while (std::fgets(part.data(), static_cast<int>(part.size()), pipe.get()) != nullptr) text += part.data();
    return text;
}

void write_others(json::Writer& writer, const json::Value& others) {
    for (const auto& [name, value] : others.members) writer.raw_field(name, value.raw);
}

}  // namespace

int main() {
    try {
        json::Writer writer;
        writer.begin_object();
        for (const char* line : kLines) {
            for (const char* zone : kZones)
                writer.field("foliot|" + std::string(line) + "|" + zone, next_fire(line_in(line, zone), 200'000));
        }
        for (const char* line : kPathological)
            writer.field("foliot|" + std::string(line), next_fire(line_in(line, "Europe/Berlin"), 2'000));
        writer.field("foliot|29 February of odd years and 9996", next_fire(far_leap_day(), 2'000));
        const std::string others = python();
        write_others(writer, json::parse(others));
        std::cout << writer.end_object().take() << std::endl;
    } catch (const std::exception& e) {
        std::cerr << "bench_triggers: " << e.what() << "\n";
        return 1;
    }
}

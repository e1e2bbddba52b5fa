#pragma once

#include "unit/trigger/brute.hpp"

#include <random>
#include <string>

namespace foliot::testing {

/// Random expressions of the grammar, mostly of values that occur.
class RandomCron {
  public:
    explicit RandomCron(unsigned seed) : random_(seed) {}

    Expressions next() {
        Expressions given;
        if (chance(15)) given[0] = list([&] { return number(2024, 2032); });
        if (chance(25))
            given[1] =
                list([&] { return chance(30) ? name_range("janfebmaraprmayjunjulaugsepoctnovdec") : number(1, 12); });
        if (chance(35)) given[2] = list([&] { return day(); });
        if (chance(15)) given[3] = list([&] { return number(1, 53); });
        if (chance(30))
            given[4] = list([&] { return chance(50) ? name_range("montuewedthufrisatsun") : number(0, 6); });
        if (chance(50)) given[5] = list([&] { return number(0, 23); });
        if (chance(50)) given[6] = list([&] { return number(0, 59); });
        if (chance(30)) given[7] = list([&] { return number(0, 59); });
        return given;
    }
    int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    bool chance(int percent) { return pick(0, 99) < percent; }

  private:
    template <class One>
    std::string list(const One& one) {
        std::string text = one();
        while (chance(25)) text += "," + one();
        return text;
    }
    std::string number(int low, int high) {
        if (chance(15)) return "*";
        if (chance(15)) return "*/" + std::to_string(pick(1, high - low));
        const int first = pick(low, high);
        if (chance(50)) return std::to_string(first);
        const int last = pick(first, high);
        std::string text = std::to_string(first);
        if (chance(70)) {
            text += "-" + std::to_string(last);
            return last > first && chance(40) ? text + "/" + std::to_string(pick(1, last - first)) : text;
        }
        return first < high ? text + "/" + std::to_string(pick(1, high - first)) : text;
    }
    std::string name_range(const std::string& names) {
        const int count = static_cast<int>(names.size() / 3);
        const int first = pick(0, count - 1);
        std::string text = names.substr(static_cast<std::size_t>(first) * 3, 3);
        if (chance(50)) text += "-" + names.substr(static_cast<std::size_t>(pick(first, count - 1)) * 3, 3);
        return text;
    }
    std::string day() {
        if (chance(15)) return "last";
        if (chance(70)) return number(1, 31);
        const char* const which[] = {"1st", "2nd", "3rd", "4th", "5th", "last"};
        return std::string(which[pick(0, 5)]) + " " +
               std::string("montuewedthufrisatsun").substr(static_cast<std::size_t>(pick(0, 6)) * 3, 3);
    }

    std::mt19937 random_;
};

}  // namespace foliot::testing

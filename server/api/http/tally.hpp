// Requests that have their answer, counted by dialect: a bounded set, whatever clients send.
#pragma once

#include "api/http/router.hpp"
#include "base/tally.hpp"

#include <array>
#include <map>
#include <string_view>
#include <vector>

namespace foliot::api {

inline constexpr std::array<Micros, 12> kAnswerBounds{100,
                                                      250,
                                                      500,
                                                      kMillisecond,
                                                      2'500,
                                                      5 * kMillisecond,
                                                      10 * kMillisecond,
                                                      50 * kMillisecond,
                                                      100 * kMillisecond,
                                                      500 * kMillisecond,
                                                      kSecond,
                                                      10 * kSecond};

/// Thread-safe.
class HttpTally {
  public:
    struct Answers {
        std::array<Count, 5> by_class;  ///< of the status: 1xx to 5xx
        Durations took{kAnswerBounds};  ///< until the answer, or the head of one that goes on, was ready
    };

    /// One place for each dialect of the routes, and one, "none", for requests that got to no route.
    explicit HttpTally(const std::vector<Route>& routes) {
        answers_.try_emplace("none");
        for (const Route& route : routes) {
            if (route.dialect != nullptr) answers_.try_emplace(route.dialect->name());
        }
    }

    void note(std::string_view dialect, int status, Micros took) noexcept {
        const auto found = answers_.find(dialect);
        Answers& answers = found == answers_.end() ? answers_.find("none")->second : found->second;
        if (status >= 100 && status < 600) answers.by_class[static_cast<std::size_t>(status) / 100 - 1].add();
        answers.took.note(took);
    }
    const std::map<std::string_view, Answers>& answers() const { return answers_; }

  private:
    std::map<std::string_view, Answers> answers_;  // no place comes or goes after the constructor
};

}  // namespace foliot::api

// Many passwords at once, and what changes while they wait.
#include "support/wait.hpp"
#include "unit/service/with_password.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Crowd : WithPassword {
    std::vector<std::thread> threads;
    std::atomic<int> good{0}, wrong{0}, refused{0};

    /// So many try at once.
    void gather(int count, const std::string& password) {
        for (int i = 0; i < count; ++i) {
            threads.emplace_back([this, header = basic("olga", password)] {
                try {
                    ++(credentials.authenticate(header, "10.0.0.1") ? good : wrong);
                } catch (const RequestError& error) {
                    refused += error.problem() == Problem::throttled ? 1 : 0;
                }
            });
        }
    }
    void wait_for(std::uint64_t waiting) {
        BOOST_REQUIRE(wait_until([&] { return passwords.waiting() == waiting; }));
    }
    void join() {
        for (auto& thread : threads) thread.join();
        threads.clear();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(many_passwords_at_once, Crowd)

BOOST_AUTO_TEST_CASE(a_crowd_with_one_password_hashes_it_once) {
    BOOST_TEST(hashes_of([&] {
                   gather(12, kRight);
                   join();
               }) == 1U);
    BOOST_TEST(good == 12);
}

BOOST_AUTO_TEST_CASE(so_many_wait_and_the_next_one_is_told_to_come_again) {
    {
        const auto turn = passwords.take_turn();
        gather(17, kRight);
        wait_for(16);
        BOOST_TEST(wait_until([&] { return refused == 1; }));
        BOOST_CHECK_EXCEPTION(may("olga", kRight), RequestError, [](const RequestError& error) {
            return error.problem() == Problem::throttled && error.retry_after() == 1 &&
                   std::string(error.what()).starts_with("too many passwords");
        });
    }
    join();
    BOOST_TEST(good == 16);
    BOOST_TEST(passwords.waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(attempts_side_by_side_gain_nothing) {
    const auto hashes = hashes_of([&] {
        {
            const auto turn = passwords.take_turn();
            gather(14, kWrong);
            wait_for(14);  // all were let in: none has failed yet
        }
        join();
    });
    BOOST_TEST(hashes == 10U);
    BOOST_TEST(wrong == 10);
    BOOST_TEST(refused == 4);
}

BOOST_AUTO_TEST_CASE(what_changes_while_a_password_is_hashed_counts) {
    const Principal admin = principal(root_user);
    std::optional<Principal> seen;
    std::thread asking;
    {
        const auto turn = passwords.take_turn();
        asking = std::thread([&] { seen = who(basic("olga", kRight)); });
        wait_for(1);  // it has read that she is an Operator
        users.edit(as(admin), olga_user.id, {.groups = {{kViewers}}});
    }
    asking.join();
    BOOST_REQUIRE(seen.has_value());
    BOOST_TEST((seen->role == Role::viewer));
}

BOOST_AUTO_TEST_CASE(a_password_that_is_taken_away_while_it_is_hashed_is_none) {
    const Principal admin = principal(root_user);
    std::optional<Principal> seen;
    std::thread asking;
    {
        const auto turn = passwords.take_turn();
        asking = std::thread([&] { seen = who(basic("olga", kRight)); });
        wait_for(1);
        users.edit(as(admin), olga_user.id, {.password = {std::optional<std::string>()}});
    }
    asking.join();
    BOOST_TEST(!seen.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

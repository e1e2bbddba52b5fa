#include "domain/resource_limits.hpp"

#include "base/clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;

namespace {

constexpr std::int64_t kMiB = 1 << 20;

const LimitField& field(std::string_view name) {
    const LimitField* found = limit_named(name);
    BOOST_REQUIRE(found != nullptr);
    return *found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(limits_survive_their_stored_form_and_none_takes_no_room) {
    ResourceLimits all;
    for (const LimitField& one : kLimitFields) all.*one.value = one.most;
    BOOST_TEST((limits_from_json(to_json(all)) == all));
    BOOST_TEST(to_json({}) == "{}");
    BOOST_TEST(to_json({.memory = 0, .cpu = kSecond}) == R"({"memory":0,"cpu":1000000})");
    for (const char* text : {R"({"memory":-1})", R"({"memory":"1"})", R"({"nice":20})", R"({"mem":1})"})
        BOOST_CHECK_THROW(limits_from_json(text), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(no_limit_gives_more_than_any_and_less_niceness_more_than_more) {
    const auto& memory = field("memory");
    BOOST_TEST(gives_more(memory, 2, 1));
    BOOST_TEST(gives_more(memory, 0, 1));
    BOOST_TEST(gives_more(memory, std::nullopt, 1));
    BOOST_TEST(!gives_more(memory, std::nullopt, 0));
    BOOST_TEST(!gives_more(memory, 0, std::nullopt));
    BOOST_TEST(!gives_more(memory, 1, 1));
    const auto& nice = field("nice");
    BOOST_TEST(gives_more(nice, 0, 1));
    BOOST_TEST(!gives_more(nice, 1, 0));
    BOOST_TEST(!gives_more(nice, 0, std::nullopt));
    BOOST_TEST(gives_more(nice, std::nullopt, 1));
}

BOOST_AUTO_TEST_CASE(a_limit_is_none_or_within_its_range) {
    BOOST_TEST(field("memory").allows(0));
    BOOST_TEST(!field("memory").allows(1));
    BOOST_TEST(field("memory").allows(8 * kMiB));
    BOOST_TEST(!field("output").allows(0));
    BOOST_TEST(field("nice").allows(0));
    BOOST_TEST(!field("nice").allows(20));
    BOOST_TEST(!field("nice").allows(-1));
    BOOST_TEST(field("cpu").range() == "0 (none) or from 0.001 to 31622400 seconds");
    BOOST_TEST(field("nice").range() == "from 0 to 19");
    BOOST_TEST((limit_named("mem") == nullptr));
}

BOOST_AUTO_TEST_CASE(a_module_lowers_what_is_configured_and_a_job_has_what_it_was_given) {
    const LimitsInForce limits{.configured = {.memory = 100, .cpu = 5, .nice = 3},
                               .declared = {.memory = 200, .cpu = 4, .open_files = 10, .nice = 1},
                               .wished = {.cpu = 9}};
    BOOST_TEST((limits.usual() == ResourceLimits{.memory = 100, .cpu = 4, .open_files = 10, .nice = 3}));
    BOOST_TEST((limits.values() == ResourceLimits{.memory = 100, .cpu = 9, .open_files = 10, .nice = 3}));
    const LimitsInForce without{
        .configured = {.memory = 100, .nice = 3}, .declared = {.memory = 0}, .wished = {.memory = 0, .nice = 0}};
    BOOST_TEST((without.usual() == ResourceLimits{.memory = 100, .nice = 3}));
    BOOST_TEST((without.values() == ResourceLimits{}));
}

BOOST_AUTO_TEST_CASE(a_limit_says_what_it_is_and_who_can_raise_it_where) {
    LimitsInForce limits{.configured = {.memory = 64 * kMiB, .cpu = 1'500'000, .output = 4096}};
    BOOST_TEST(limits.words("memory") ==
               "memory limit of 64 MiB (defaults.memory; an Admin may give the job a higher limits.memory)");
    BOOST_TEST(limits.words("output") ==
               "output limit of 4 KiB (workers.max_output; an Admin may give the job a higher limits.output)");
    BOOST_TEST(limits.words("cpu") ==
               "limit on processor time of 1.5 s (defaults.cpu; an Admin may give the job a higher limits.cpu)");
    limits.declared = {.memory = 1025, .file_size = 2048};
    BOOST_TEST(limits.words("memory") ==
               "memory limit of 1025 bytes (declared by the function's module; an Admin may give the job a higher "
               "limits.memory)");
    BOOST_TEST(limits.words("file_size").starts_with("limit on the size of a file of 2 KiB (declared by"));
    limits.wished = {.memory = 2 * kMiB, .cpu = 0};
    BOOST_TEST(limits.words("memory") ==
               "memory limit of 2 MiB (the job's own limits.memory, which an Admin may raise)");
    BOOST_TEST(limits.words("cpu") == "");
    BOOST_TEST(limits.words("open_files") == "");
    limits.configured.nice = 5;
    BOOST_TEST(limits.words("nice") == "niceness of 5 (defaults.nice; an Admin may give the job a lower limits.nice)");
}

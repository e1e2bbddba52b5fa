// Who may give a job which limits.
#include "setup.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::testing;

namespace {

constexpr std::int64_t kMiB = 1 << 20;

service::JobOptions options() {
    service::JobOptions options;
    options.defaults.limits = {.memory = 256 * kMiB, .cpu = 10 * kSecond, .output = 65536, .nice = 5};
    return options;
}

struct Limited : Setup {
    service::Jobs limited{*store, functions, vault, options()};

    static service::NewJob wish(const ResourceLimits& limits, const std::string& function = "tasks:ok") {
        auto job = hourly("a", function);
        job.fields.limits = limits;
        job.replace_existing = true;
        return job;
    }
    static service::JobEdit edit_of(const ResourceLimits& limits) {
        service::JobEdit edit;
        edit.limits = limits;
        return edit;
    }
    ResourceLimits stored() { return limited.get(as(vera), "a").definition.limits; }
};

const auto kRefused = refused(Problem::forbidden, "limits");

}  // namespace

BOOST_FIXTURE_TEST_SUITE(limit_rights, Limited)

BOOST_AUTO_TEST_CASE(an_operator_lowers_limits_and_an_admin_raises_them) {
    const ResourceLimits lower{.memory = 128 * kMiB, .cpu = kSecond, .open_files = 10, .output = 4096, .nice = 6};
    BOOST_TEST((limited.add(as(olga), wish(lower)).job->definition.limits == lower));
    const std::vector<ResourceLimits> higher{{.memory = 256 * kMiB + 1},
                                             {.memory = 0},
                                             {.cpu = 11 * kSecond},
                                             {.cpu = 0},
                                             {.output = 65537},
                                             {.nice = 4},
                                             {.nice = 0}};
    for (const ResourceLimits& limits : higher) {
        BOOST_CHECK_EXCEPTION(limited.add(as(olga), wish(limits)), RequestError, kRefused);
        BOOST_CHECK_EXCEPTION(limited.edit(as(olga), "a", edit_of(limits)), RequestError, kRefused);
        BOOST_TEST((stored() == lower));
        limited.edit(as(root), "a", edit_of(limits));
        BOOST_TEST((stored() == limits));
        limited.edit(as(root), "a", edit_of(lower));
    }
    for (const ResourceLimits& limits :
         {ResourceLimits{.open_files = 0}, ResourceLimits{.memory = 256 * kMiB}, ResourceLimits{}})
        BOOST_TEST((limited.edit(as(olga), "a", edit_of(limits))->definition.limits == limits));
}

BOOST_AUTO_TEST_CASE(what_a_function_declares_counts_where_it_is_lower) {
    limited.add(as(olga), wish({.memory = 64 * kMiB}, "tasks:small"));
    BOOST_CHECK_EXCEPTION(limited.edit(as(olga), "a", edit_of({.memory = 65 * kMiB})), RequestError,
                          [](const RequestError& e) {
                              return std::string(e.what()) ==
                                     "user 'olga' may not set limits.memory beyond the memory limit of "
                                     "64 MiB (declared by the function's module; an Admin may give the job a higher "
                                     "limits.memory)";
                          });
    BOOST_TEST(limited.edit(as(root), "a", edit_of({.memory = 65 * kMiB}))->definition.limits.memory.value() ==
               65 * kMiB);
}

BOOST_AUTO_TEST_CASE(a_job_with_raised_limits_is_edited_run_and_lowered_by_operators) {
    const ResourceLimits raised{.memory = 512 * kMiB, .nice = 0};
    limited.add(as(root), wish(raised));
    service::JobEdit rename;
    rename.name = "renamed";
    rename.args = "[1]";
    limited.edit(as(olga), "a", rename);
    limited.run_now(as(olga), "a");
    BOOST_TEST((stored() == raised));
    limited.edit(as(olga), "a", edit_of(raised));  // sent back as it was shown
    limited.add(as(olga), wish(raised));
    BOOST_TEST((stored() == raised));
    BOOST_CHECK_EXCEPTION(limited.edit(as(olga), "a", edit_of({.memory = 513 * kMiB})), RequestError, kRefused);
    limited.edit(as(olga), "a", edit_of({.memory = 511 * kMiB}));
    BOOST_CHECK_EXCEPTION(limited.edit(as(olga), "a", edit_of(raised)), RequestError, kRefused);
}

BOOST_AUTO_TEST_CASE(limits_that_an_admin_raised_for_a_function_are_not_for_another) {
    limited.add(as(root), wish({.memory = 512 * kMiB}));
    service::JobEdit other;
    other.func = func("tasks:small");
    BOOST_CHECK_EXCEPTION(limited.edit(as(olga), "a", other), RequestError, kRefused);
    BOOST_CHECK_EXCEPTION(limited.add(as(olga), wish({.memory = 512 * kMiB}, "tasks:small")), RequestError, kRefused);
    other.limits = ResourceLimits{};
    limited.edit(as(olga), "a", other);
    BOOST_TEST((stored() == ResourceLimits{}));
}

BOOST_AUTO_TEST_CASE(a_changed_limit_shows_in_the_audit) {
    limited.add(as(olga), wish({.memory = 128 * kMiB}));
    limited.edit(as(olga), "a", edit_of({.memory = 64 * kMiB, .nice = 7}));
    BOOST_TEST(audit().front().after == R"(limits: {"memory":134217728} -> {"memory":67108864,"nice":7})");
}

BOOST_AUTO_TEST_SUITE_END()

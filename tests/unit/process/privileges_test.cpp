#include "process/privileges.hpp"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <stdexcept>

namespace foliot::process {

BOOST_AUTO_TEST_CASE(a_user_is_found_by_name_and_goes_over_a_command_line) {
    const JobUser user = find_user("nobody");
    BOOST_TEST(user.uid > 0U);
    const JobUser read = parse_job_user(user.text());
    BOOST_TEST(read.uid == user.uid);
    BOOST_TEST(read.gid == user.gid);
    BOOST_CHECK_EXCEPTION(find_user("nobody-there"), std::runtime_error, [](const std::runtime_error& e) {
        return std::string(e.what()).find("'nobody-there'") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(what_is_no_user_or_is_root_is_refused_on_the_command_line) {
    for (const char* text :
         {"", ":", "1", "1:", ":1", "0:1", "1:0", "-1:1", "1:1 ", "1:x", "4294967296:1", "nobody:nogroup"}) {
        BOOST_CHECK_THROW(parse_job_user(text), std::runtime_error);
    }
}

BOOST_AUTO_TEST_CASE(the_powers_that_a_process_lacks_are_named) {
    const std::string missing = missing_powers();
    BOOST_TEST((::geteuid() != 0 || missing.find("CAP_SETUID") == std::string::npos));
    BOOST_TEST((::geteuid() == 0 || missing.find("CAP_SETUID, CAP_SETGID, CAP_KILL") == 0));
}

}  // namespace foliot::process

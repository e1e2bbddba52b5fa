// What the fuzz target of the capture does, with inputs made up by chance.
#include "fuzz/output_model.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

BOOST_AUTO_TEST_CASE(whatever_arrives_and_whoever_looks_on_each_byte_comes_once_or_is_told_of) {
    std::minstd_rand random(7);
    std::size_t compared = 0;
    for (int round = 0; round < 5'000; ++round) {
        std::string script(random() % 400, '\0');
        const bool torn_characters = random() % 2 == 0;
        for (char& c : script)
            c = torn_characters ? "\xc3\xa9\xe2\x82\xac\x01\x02\x03"[random() % 8] : static_cast<char>(random());
        BOOST_TEST_CHECKPOINT("round " << round);
        compared += foliot::fuzz::OutputModel(script).run();  // ends the program where something is wrong
    }
    BOOST_TEST(compared > 20'000U);
}

// The manual pages know every option and every key.
#include "app/command_line.hpp"
#include "base/fd.hpp"
#include "support/shell.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <regex>

namespace foliot::testing {
namespace {

const std::filesystem::path kManual = FOLIOT_SOURCE_DIR "/packaging/man";

BOOST_AUTO_TEST_SUITE(manual)

BOOST_AUTO_TEST_CASE(the_page_of_the_server_has_each_option_of_its_help_and_no_other) {
    const std::string page = read_file((kManual / "foliotd.8").string());
    const std::string help = app::help_text();
    std::set<std::string> options, told;
    const std::regex option("\n  --([a-z-]+)"), item("\n[.]It Fl -([a-z-]+)");
    for (std::sregex_iterator at(help.begin(), help.end(), option), end; at != end; ++at) options.insert((*at)[1]);
    for (std::sregex_iterator at(page.begin(), page.end(), item), end; at != end; ++at) told.insert((*at)[1]);
    BOOST_TEST(options.size() == 5U);
    BOOST_TEST((options == told));
    BOOST_TEST(page.find(".It Fl D Ns Ar key Ns = Ns Ar value") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_page_of_the_configuration_has_each_key_and_no_fault) {
    const std::string source = FOLIOT_SOURCE_DIR "/conf/foliotd.properties";
    const std::string page = output_of(in_quotes(kManual / "properties_to_mdoc") + " " + in_quotes(source));
    std::ifstream file(source);
    std::size_t keys = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.size() < 2 || line[0] != '#' || line[1] == ' ') continue;
        BOOST_TEST(page.find("\n" + line.substr(1) + "\n") != std::string::npos, line);
        ++keys;
    }
    BOOST_TEST(keys > 60U);
    const std::string both = in_quotes(kManual / "properties_to_mdoc") + " " + in_quotes(source) +
                             " | groff -mdoc -ww -Tutf8 -z 2>&1; groff -mdoc -ww -Tutf8 -z " +
                             in_quotes(kManual / "foliotd.8") + " 2>&1";
    BOOST_TEST(output_of(both) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing

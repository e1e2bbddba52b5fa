// Two types of one name in one namespace are not seen by the linker: it keeps one of each function that both have.
#include "sources.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <regex>
#include <set>
#include <sstream>

using foliot::testing::read_sources;
using foliot::testing::Source;

namespace {

/// The types that it defines outside of other types and of namespaces without a name, as "foliot::cli::Table".
std::set<std::string> types_of(const std::string& text) {
    static const std::regex type(
        R"re((?:template <.*> )?(?:struct|class|union|enum class|enum) (\w+)( final)?( : .*)? \{.*)re");
    static const std::regex space(R"re((?:inline )?namespace ?([\w:]*) \{)re");
    std::set<std::string> types;
    std::vector<std::string> spaces;
    std::istringstream lines(text);
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
        if (std::regex_match(line, match, space)) spaces.push_back(match[1]);
        if (line.starts_with("}  // namespace") && !spaces.empty()) spaces.pop_back();
        const bool nameless = std::ranges::find(spaces, "") != spaces.end();
        if (nameless || !std::regex_match(line, match, type)) continue;
        std::string name;
        for (const std::string& outer : spaces) name += outer + "::";
        types.insert(name + match[1].str());
    }
    return types;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rooms)

BOOST_AUTO_TEST_CASE(no_two_files_define_a_type_of_the_same_name) {
    std::map<std::string, std::string> defined;
    for (const char* top : {"server", "worker", "cli"}) {
        for (const Source& source : read_sources(top)) {
            for (const std::string& type : types_of(source.text)) {
                const auto [other, is_new] = defined.emplace(type, source.name);
                BOOST_TEST(is_new, type << " is defined in " << other->second << " and in " << source.name);
            }
        }
    }
    BOOST_TEST(defined.contains("foliot::cli::Table"));
    BOOST_TEST(defined.contains("foliot::Fd"));
}

BOOST_AUTO_TEST_CASE(types_are_found_where_they_are_defined) {
    const std::set<std::string> expected{"foliot::a::One", "foliot::Two", "foliot::Kind"};
    const std::set<std::string> found = types_of(
        "namespace foliot::a {\nstruct One {\n    struct In {};\n};\nnamespace {\nstruct Own {};\n}  // namespace\n"
        "}  // namespace foliot::a\nnamespace foliot {\nclass Two final : public a::One {\n};\nclass Later;\n"
        "struct Two::In {};\nenum class Kind { a };\n}  // namespace foliot\n");
    BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

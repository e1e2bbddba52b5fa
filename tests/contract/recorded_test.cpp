// flask_recorded.txt, ndscheduler_recorded.txt, ndscheduler_login_recorded.txt and seed_recorded.txt say of every
// recorded case of the originals where it is tested, and why it differs if it does. A line: NAME FILE|- [differs: KEY |
// open: KEY | later page | later hooks]; KEY is an anchor in docs/compatibility.md; `later page`: the original's web
// page, which is not there yet; `later hooks`: webhooks, failed tasks and metrics, likewise.
#include "base/fd.hpp"
#include "contract/case_file.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>

using namespace foliot;
using namespace foliot::testing;

namespace {

struct Recorded {
    std::string name, file, verdict, key;
};

std::vector<Recorded> recorded_cases(const std::string& name) {
    std::ifstream list(FOLIOT_SOURCE_DIR "/tests/contract/" + name);
    std::vector<Recorded> cases;
    for (std::string line; std::getline(list, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        Recorded recorded;
        std::istringstream(line) >> recorded.name >> recorded.file >> recorded.verdict >> recorded.key;
        cases.push_back(recorded);
    }
    return cases;
}

/// The names of all exchanges, by file.
std::map<std::string, std::multiset<std::string>> exchange_names() {
    std::map<std::string, std::multiset<std::string>> names;
    for (const auto& path : case_files()) {
        const std::string text = read_file(path.string());
        const json::Value file = json::parse(text);
        for (const json::Value& exchange : file.find("exchanges")->items) {
            if (const json::Value* name = exchange.find("name")) names[path.filename().string()].insert(name->string);
        }
    }
    return names;
}

/// How many cases the list has.
std::size_t check_list(const std::string& list) {
    const auto names = exchange_names();
    const std::string reasons = read_file(FOLIOT_SOURCE_DIR "/docs/compatibility.md");
    std::set<std::string> seen;
    for (const Recorded& recorded : recorded_cases(list)) {
        BOOST_TEST_CONTEXT(recorded.name) {
            BOOST_TEST(seen.insert(recorded.name).second, "is listed twice");
            const auto file = names.find(recorded.file);
            if (recorded.file != "-")
                BOOST_TEST((file != names.end() && file->second.contains(recorded.name)), "not in " << recorded.file);
            BOOST_TEST((recorded.file != "-" || !recorded.verdict.empty()), "neither tested nor explained");
            const bool later = recorded.verdict == "later" && (recorded.key == "page" || recorded.key == "hooks");
            if (recorded.verdict.empty() || later) continue;
            BOOST_TEST((recorded.verdict == "differs:" || recorded.verdict == "open:"));
            BOOST_TEST(reasons.find("<a id=\"" + recorded.key + "\"></a>") != std::string::npos,
                       "docs/compatibility.md has no anchor '" << recorded.key << "'");
        }
    }
    return seen.size();
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_recorded_case_is_tested_or_differs_for_a_stated_reason) {
    const std::string reasons = read_file(FOLIOT_SOURCE_DIR "/docs/compatibility.md");
    for (const char* everywhere : {"grace", "html"})
        BOOST_TEST(reasons.find("<a id=\"" + std::string(everywhere) + "\"></a>") != std::string::npos, everywhere);
    BOOST_TEST(check_list("flask_recorded.txt") == 645U);
    BOOST_TEST(check_list("ndscheduler_recorded.txt") == 265U);
    BOOST_TEST(check_list("ndscheduler_login_recorded.txt") == 126U);
    BOOST_TEST(check_list("seed_recorded.txt") == 323U);
}

// The documents lead to one another by links; each must lead somewhere.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = FOLIOT_SOURCE_DIR;

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::vector<fs::path> documents() {
    std::vector<fs::path> found;
    const auto look_at = [&](const fs::directory_entry& entry) {
        if (entry.path().extension() == ".md") found.push_back(entry.path());
    };
    std::for_each(fs::directory_iterator(kRoot), {}, look_at);
    std::for_each(fs::recursive_directory_iterator(kRoot / "docs"), {}, look_at);
    return found;
}

/// Without what stands between fences, which is code.
std::string prose(const std::string& text) {
    std::istringstream lines(text);
    std::string out;
    bool is_code = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```")) {
            is_code = !is_code;
        } else if (!is_code) {
            out += line + "\n";
        }
    }
    return out;
}

/// As a heading is named in links: "What a run may take" is what-a-run-may-take.
std::string anchor(const std::string& heading) {
    std::string name;
    for (const char c : heading) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == ' ') name += '-';
        if (c == '-' || c == '_' || std::isalnum(byte) != 0) name += static_cast<char>(std::tolower(byte));
    }
    return name;
}

std::set<std::string> anchors(const fs::path& document) {
    std::set<std::string> found;
    const std::string text = prose(text_of(document));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
        if (level > 0 && level < line.size()) found.insert(anchor(line.substr(level + 1)));
    }
    const std::regex by_hand("<a (?:id|name)=\"([^\"]+)\">");
    for (std::sregex_iterator at(text.begin(), text.end(), by_hand), end; at != end; ++at) found.insert((*at)[1]);
    return found;
}

/// Targets of the links to files and headings of ours.
std::vector<std::string> links(const fs::path& document) {
    std::vector<std::string> found;
    const std::string text = prose(text_of(document));
    const std::regex link(R"(\]\(([^)\s]+)\))");
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
        if (const std::string target = (*at)[1]; target.find("://") == std::string::npos) found.push_back(target);
    }
    return found;
}

/// Why a link leads nowhere; empty: it does not.
std::string problem(const fs::path& document, const std::string& link) {
    const std::size_t hash = std::min(link.find('#'), link.size());
    const fs::path file = hash == 0 ? document : document.parent_path() / link.substr(0, hash);
    if (!fs::exists(file)) return "there is no such file";
    const bool is_whole = hash == link.size() || file.extension() != ".md";
    return is_whole || anchors(file).contains(link.substr(hash + 1)) ? "" : "it has no such heading";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(doc_links)

BOOST_AUTO_TEST_CASE(every_link_leads_to_a_file_and_a_heading_that_is_there) {
    std::size_t count = 0;
    for (const fs::path& document : documents()) {
        for (const std::string& link : links(document)) {
            BOOST_TEST(problem(document, link) == "", document.filename().string() << " links to " << link);
            ++count;
        }
    }
    BOOST_TEST(count > 50U);
    BOOST_TEST(problem(kRoot / "README.md", "docs/nowhere.md") == "there is no such file");
    BOOST_TEST(problem(kRoot / "README.md", "docs/operating.md#nowhere") == "it has no such heading");
}

BOOST_AUTO_TEST_SUITE_END()

// docs/operating.md tells operators what to do about each line of the log.
#include "sources.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using foliot::testing::read_sources;
using foliot::testing::Source;

namespace {

const std::vector<std::string> kCalls{"log::info(", "log::warning(", "log::error("};
constexpr std::size_t kTelling = 8;  ///< letters: shorter pieces between variable parts say nothing

/// The call that begins at `begin`, up to the end of its statement.
std::string statement(const std::string& text, std::size_t begin) {
    bool quoted = false;
    for (std::size_t i = begin; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == ';' && !quoted) {
            return text.substr(begin, i - begin);
        }
    }
    return text.substr(begin);
}

/// Its literal texts; neighbours that the compiler joins are one.
std::vector<std::string> literals(const std::string& code) {
    std::vector<std::string> found;
    bool joined = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] != '"') {
            joined = joined && std::isspace(static_cast<unsigned char>(code[i])) != 0;
            continue;
        }
        const std::size_t end = code.find('"', i + 1);
        const std::string text = code.substr(i + 1, end - i - 1);
        if (joined) {
            found.back() += text;
        } else {
            found.push_back(text);
        }
        joined = true;
        i = end;
    }
    return found;
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" :;,'.(");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" :;,'.(") - first + 1);
}

std::string operating_guide() {
    std::ifstream in(std::filesystem::path(FOLIOT_SOURCE_DIR) / "docs/operating.md");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_text_that_is_logged_is_explained_to_operators) {
    const std::string guide = operating_guide();
    std::size_t texts = 0;
    for (const Source& source : read_sources("server")) {
        for (const std::string& call : kCalls) {
            for (std::size_t at = source.text.find(call); at != std::string::npos;
                 at = source.text.find(call, at + 1)) {
                for (const std::string& literal : literals(statement(source.text, at))) {
                    const std::string text = trimmed(literal);
                    if (text.size() < kTelling) continue;
                    ++texts;
                    BOOST_TEST((guide.find(text) != std::string::npos),
                               source.name << " logs \"" << text << "\", which docs/operating.md does not explain");
                }
            }
        }
    }
    BOOST_TEST(texts > 50U);
}

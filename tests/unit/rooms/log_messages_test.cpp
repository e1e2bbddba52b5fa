// docs/operating.md tells operators what to do about each line of the log, by its id.
#include "sources.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

using foliot::testing::read_sources;
using foliot::testing::Source;

namespace {

const std::vector<std::string> kCalls{"log::info(", "log::warning(", "log::error(", "log::write("};
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

/// A message as a call of the log has it.
struct Message {
    std::string place, id;
    std::vector<std::string> texts;  ///< its literal pieces that say something
};

std::vector<Message> messages() {
    std::vector<Message> found;
    for (const Source& source : read_sources("server")) {
        for (const std::string& call : kCalls) {
            for (std::size_t at = source.text.find(call); at != std::string::npos;
                 at = source.text.find(call, at + 1)) {
                const auto pieces = literals(statement(source.text, at));
                Message& message = found.emplace_back(Message{source.name, pieces.empty() ? "" : pieces.front(), {}});
                for (std::size_t i = 1; i < pieces.size(); ++i) {
                    if (const std::string text = trimmed(pieces[i]); text.size() >= kTelling)
                        message.texts.push_back(text);
                }
            }
        }
    }
    return found;
}

/// The rows of the tables of messages: ids, and the row.
struct Row {
    std::set<std::string> ids;
    std::string text;
};

std::vector<Row> rows() {
    std::ifstream in(std::filesystem::path(FOLIOT_SOURCE_DIR) / "docs/operating.md");
    std::vector<Row> found;
    bool here = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ")) here = line == "## Log messages";
        if (!here || !line.starts_with("| `")) continue;
        Row& row = found.emplace_back(Row{{}, line});
        const std::string cell = line.substr(2, line.find(" | ") - 2);
        for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at)) {
            const std::size_t end = cell.find('`', at + 1);
            row.ids.insert(cell.substr(at + 1, end - at - 1));
            at = end + 1;
        }
    }
    return found;
}

const Row* row_of(const std::vector<Row>& rows, const std::string& id) {
    const auto found = std::ranges::find_if(rows, [&](const Row& row) { return row.ids.contains(id); });
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_text_that_is_logged_stands_beside_its_id_in_the_operators_guide) {
    const auto guide = rows();
    const auto all = messages();
    std::size_t texts = 0;
    for (const Message& message : all) {
        const Row* row = row_of(guide, message.id);
        BOOST_TEST(row != nullptr, message.place << " logs [" << message.id << "], which has no row");
        if (row == nullptr) continue;
        for (const std::string& text : message.texts) {
            ++texts;
            BOOST_TEST((row->text.find(text) != std::string::npos), message.place << " logs \"" << text
                                                                                  << "\", which the row of "
                                                                                  << message.id << " does not tell");
        }
    }
    BOOST_TEST(all.size() > 80U);
    BOOST_TEST(texts > 50U);
}

BOOST_AUTO_TEST_CASE(an_id_has_one_meaning_and_each_in_the_guide_is_logged) {
    std::set<std::string> logged;
    for (const Message& message : messages()) logged.insert(message.id);
    std::set<std::string> explained;
    for (const Row& row : rows()) {
        for (const std::string& id : row.ids) {
            BOOST_TEST(explained.insert(id).second, id << " has two rows");
            BOOST_TEST(logged.contains(id), id << " is in the guide, and nothing logs it");
        }
    }
    BOOST_TEST(explained.size() > 80U);
}

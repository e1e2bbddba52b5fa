#include "sources.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using foliot::testing::read_sources;
using foliot::testing::Source;

namespace {

const std::vector<std::string> kRooms{"base",   "config", "trigger", "domain",  "process", "store",
                                      "module", "runner", "engine",  "service", "api",     "app"};
constexpr std::size_t kMaxLines = 500;

/// Code only: no comments, no literals, so that a word in a text is no finding.
std::string code_of(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (text.compare(i, 2, "//") == 0) {
            i = std::min(text.find('\n', i), text.size());
        } else if (text.compare(i, 2, "/*") == 0) {
            const std::size_t end = text.find("*/", i + 2);
            i = end == std::string::npos ? text.size() : end + 2;
        } else if (text.compare(i, 3, "R\"(") == 0) {
            const std::size_t end = text.find(")\"", i);
            i = end == std::string::npos ? text.size() : end + 2;
            out += "\"\"";
        } else if (text[i] == '"' ||
                   (text[i] == '\'' && (i == 0 || !isalnum(static_cast<unsigned char>(text[i - 1]))))) {
            const char quote = text[i++];
            while (i < text.size() && text[i] != quote && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
            ++i;
            out += "\"\"";
        } else {
            out += text[i++];
        }
    }
    return out;
}

std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    std::vector<std::string> found;
    for (std::sregex_iterator m(text.begin(), text.end(), regex), end; m != end; ++m) found.push_back((*m)[1]);
    return found;
}

std::ptrdiff_t level(const std::string& room) { return std::ranges::find(kRooms, room) - kRooms.begin(); }
bool is_room(const std::string& name) { return std::ranges::find(kRooms, name) != kRooms.end(); }

bool may_include(const std::string& from, const std::string& to) {
    if (from == "worker") return to == "base" || to == "process" || to == "worker";
    if (from == "cli") return to == "cli" || to == "worker" || (is_room(to) && level(to) <= level("runner"));
    return level(to) <= level(from);
}

/// Where a third party's header may appear; each is wrapped once, in the lowest room that needs it.
bool third_party_is_allowed(const Source& source, const std::string& header) {
    const auto in = [&](std::initializer_list<std::string_view> rooms) {
        return std::ranges::find(rooms, source.room) != rooms.end();
    };
    if (header.starts_with("Poco/Net/")) return source.name.starts_with("server/api/http/");
    if (header.starts_with("Poco/Data/")) return in({"store"});
    if (header.starts_with("Poco/Util/")) return in({"config"});
    if (header == "Poco/SharedLibrary.h" || header == "Poco/Exception.h")
        return in({"worker", "base", "config", "store", "api", "app"});
    if (header.starts_with("Poco/")) return in({"base", "config", "store", "api", "app"});
    if (header.starts_with("prometheus/")) return source.name == "server/app/metric_text.cpp";
    if (header.starts_with("systemd/")) return source.name == "server/app/service_manager.cpp";
    if (header == "sqlite3.h") return in({"store"});
    if (header == "sodium.h") return in({"base", "service"}) || source.name == "plugins/http/signature.cpp";
    if (header.starts_with("curl/"))
        return source.name == "plugins/http/transfer.cpp" || source.name == "plugins/http/url.cpp" ||
               source.name == "cli/http_exchange.cpp";
    return true;
}

struct Setup {
    std::vector<Source> server = read_sources("server");
    std::vector<Source> all() const {
        std::vector<Source> sources = server;
        for (const char* top : {"worker", "cli"})
            for (Source& source : read_sources(top)) sources.push_back(std::move(source));
        return sources;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rooms, Setup)

BOOST_AUTO_TEST_CASE(the_sources_are_where_this_test_looks) {
    std::map<std::string, int> files;
    for (const Source& source : all()) ++files[source.room];
    for (const std::string& room : kRooms) BOOST_TEST(files[room] > 0, room);
    for (const char* top : {"worker", "cli"}) BOOST_TEST(files[top] > 0, top);
}

BOOST_AUTO_TEST_CASE(a_room_includes_only_rooms_below_it) {
    for (const Source& source : all()) {
        for (const std::string& include : matches(source.text, R"re((?:^|\n)\s*#\s*include\s*"([^"]+)")re")) {
            const std::string to = include.substr(0, include.find('/'));
            const bool own_header = include.find('/') == std::string::npos;
            BOOST_TEST(include.find("..") == std::string::npos, source.name << " includes " << include);
            if (own_header || source.room.empty()) continue;
            const bool known = is_room(to) || to == "worker" || to == "cli";
            BOOST_TEST(known, source.name << " includes " << include << ", which is in no room");
            if (known) BOOST_TEST(may_include(source.room, to), source.name << " includes " << include);
        }
    }
}

BOOST_AUTO_TEST_CASE(third_parties_are_included_only_where_they_are_wrapped) {
    std::vector<Source> sources = all();
    for (const char* top : {"plugins", "plugin_sdk"})
        for (Source& source : read_sources(top)) sources.push_back(std::move(source));
    for (const Source& source : sources)
        for (const std::string& header : matches(source.text, R"re((?:^|\n)\s*#\s*include\s*<([^>]+)>)re"))
            if (!source.room.empty())
                BOOST_TEST(third_party_is_allowed(source, header), source.name << " includes <" << header << ">");
}

BOOST_AUTO_TEST_CASE(only_the_clock_asks_for_the_time) {
    for (const Source& source : server) {
        if (source.name == "server/base/clock.cpp") continue;
        const auto found = matches(
            code_of(source.text),
            R"((\bclock_gettime\b|\bsystem_clock\s*::\s*now\b|\bsteady_clock\s*::\s*now\b|\bgettimeofday\b|(?:^|[^\w.>:])(?:::|std::)?time\s*\(\s*(?:0|nullptr|NULL|&\w+)?\s*\)))");
        BOOST_TEST(found.empty(), source.name << " asks for the time: " << (found.empty() ? "" : found.front()));
    }
}

BOOST_AUTO_TEST_CASE(nothing_forks_or_sleeps) {
    for (const Source& source : all()) {
        const auto found = matches(code_of(source.text),
                                   R"((\bv?fork\s*\(|\bsystem\s*\(|\bpopen\s*\(|\bsleep_for\s*\(|\busleep\s*\())");
        BOOST_TEST(found.empty(), source.name << " has " << (found.empty() ? "" : found.front()));
    }
}

BOOST_AUTO_TEST_CASE(files_stay_small) {
    for (const char* top : {"server", "worker", "cli", "plugin_sdk", "plugins", "tests"})
        for (const Source& source : read_sources(top)) {
            const auto lines = static_cast<std::size_t>(std::ranges::count(source.text, '\n'));
            BOOST_TEST(lines <= kMaxLines, source.name << " has " << lines << " lines");
        }
}

BOOST_AUTO_TEST_CASE(this_test_sees_code_but_no_comments_and_no_texts) {
    const std::string code =
        code_of("a(); // fork()\n/* fork() */ b(\"fork() \\\" fork()\", '\"'); R\"(fork())\"; 1'000; c();");
    BOOST_TEST(code.find("fork") == std::string::npos, code);
    BOOST_TEST(code.find("c();") != std::string::npos, code);
    BOOST_TEST(may_include("engine", "store"));
    BOOST_TEST(!may_include("store", "engine"));
    BOOST_TEST(!may_include("worker", "store"));
    BOOST_TEST(may_include("cli", "runner"));
    BOOST_TEST(!may_include("cli", "engine"));
    BOOST_TEST(!may_include("runner", "cli"));
    BOOST_TEST(!third_party_is_allowed({"engine", "server/engine/x.cpp", ""}, "sqlite3.h"));
    BOOST_TEST(!third_party_is_allowed({"api", "server/api/apscheduler/x.cpp", ""}, "Poco/Net/Socket.h"));
    BOOST_TEST(!third_party_is_allowed({"plugins", "plugins/http/http.cpp", ""}, "curl/curl.h"));
    BOOST_TEST(!third_party_is_allowed({"plugin_sdk", "plugin_sdk/include/foliot/x.hpp", ""}, "sodium.h"));
}

BOOST_AUTO_TEST_SUITE_END()

// The files of the configuration: what is read in which order, and what is said when one is wrong.
#include "config/settings.hpp"

#include "base/fd.hpp"
#include "process/spawn.hpp"
#include "support/shell.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>

#include <fstream>
#include <map>

namespace foliot::testing {
namespace {

struct Files {
    TempDir dir;
    const std::filesystem::path file = dir / "foliotd.properties";
    const std::filesystem::path folder = dir / "foliotd.properties.d";

    std::string value(const std::string& key, bool must_exist = true) const {
        const auto given = foliot::read_settings(file, must_exist);
        const auto found = given.settings.find(key);
        return found == given.settings.end() ? "none" : found->second;
    }

    /// What `foliotd --check-config` says of them, and its exit status.
    std::pair<int, std::string> checked(const std::vector<std::string>& more = {}) const {
        const Fd out(::open((dir / "said").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        process::SpawnRequest request;
        request.program = FOLIOT_BIN_DIR "/foliotd";
        request.arguments = {"--check-config", "--config", file.string()};
        request.arguments.insert(request.arguments.end(), more.begin(), more.end());
        request.environment = {"HOME=" + dir.path().string()};
        request.out = out.get();
        request.err = out.get();
        const process::Child child = process::spawn(request);
        std::optional<process::ExitStatus> end;
        BOOST_REQUIRE(wait_until([&] { return (end = process::reap(child)).has_value(); }));
        return {end->code, read_file((dir / "said").string())};
    }
};

BOOST_FIXTURE_TEST_SUITE(settings_files, Files)

BOOST_AUTO_TEST_CASE(the_folder_beside_the_file_is_read_after_it_in_the_order_of_names) {
    write_text(file, "http.port = 1\nworkers.max = 1\nlimits.tag.a = 1\n");
    write_text(folder / "20-second.properties", "http.port = 3\n");
    write_text(folder / "10-first.properties", "http.port = 2\nworkers.max = 2\n");
    write_text(folder / "30-other.conf", "http.port = 4\n");
    write_text(folder / ".90-hidden.properties", "http.port = 5\n");
    BOOST_TEST(value("http.port") == "3");
    BOOST_TEST(value("workers.max") == "2");
    BOOST_TEST(value("limits.tag.a") == "1");
    const auto given = foliot::read_settings(file, true);
    BOOST_TEST(given.files.at("http.port") == (folder / "20-second.properties").string());
    BOOST_TEST(given.files.at("limits.tag.a") == file.string());
}

BOOST_AUTO_TEST_CASE(the_folder_counts_without_the_file_too) {
    write_text(folder / "a.properties", "http.port = 2\n");
    BOOST_TEST(value("http.port", false) == "2");
    BOOST_TEST(!foliot::read_settings(file, false).has_file);
    BOOST_CHECK_THROW(foliot::read_settings(file, true), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(the_command_line_wins_and_is_no_file) {
    write_text(file, "http.port = 1\n");
    auto given = foliot::read_settings(file, true);
    override_with({{"http.port", "9"}}, given);
    BOOST_TEST(given.settings.at("http.port") == "9");
    BOOST_TEST(!given.files.contains("http.port"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_with_its_key_and_its_file) {
    write_text(file, "http.port = 1\nhtp.port = 2\n");
    auto [status, said] = checked();
    BOOST_TEST(status == 2);
    BOOST_TEST(said == "foliotd: configuration key 'htp.port' in " + file.string() + " is not known\n");
    write_text(file, "http.port = 1\n");
    const auto later = folder / "50-later.properties";
    write_text(later, "http.port = many\n");
    std::tie(status, said) = checked();
    BOOST_TEST(status == 2);
    BOOST_TEST(said.find("'http.port' in " + later.string() + ": found 'many'") != std::string::npos, said);
    std::tie(status, said) = checked({"-Dhttp.port=x"});
    BOOST_TEST(status == 2);
    BOOST_TEST(said.find("'http.port': found 'x'") != std::string::npos, said);
    write_text(later, "workers.program = /nonexistent\n");
    BOOST_TEST(checked().second.find("'workers.program' in " + later.string()) != std::string::npos);
    write_text(later, "http.port = 2\n");
    BOOST_TEST(checked().first == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_not_taken_for_empty) {
    std::filesystem::create_directories(file);
    BOOST_TEST(checked().second.find("configuration " + file.string() + " cannot be read") != std::string::npos);
    std::filesystem::remove(file);
    write_text(file, "http.port = 1\n");
    std::filesystem::create_directories(folder / "a.properties");
    auto [status, said] = checked();
    BOOST_TEST(status == 2);
    BOOST_TEST(
        said.find("configuration " + (folder / "a.properties").string() + " cannot be read") != std::string::npos,
        said);
    std::filesystem::remove_all(folder);
    write_text(folder, "no folder");
    BOOST_TEST(checked().second.find("configuration " + folder.string() + " cannot be read") != std::string::npos);
}

/// The keys of the shipped file as they stand there, ready to be said.
std::vector<std::string> shipped_keys(const std::string& data_dir) {
    std::ifstream shipped(FOLIOT_SOURCE_DIR "/conf/foliotd.properties");
    BOOST_REQUIRE(shipped.is_open());
    std::vector<std::string> lines;
    for (std::string line; std::getline(shipped, line);) {
        const bool is_key = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        if (!is_key) continue;
        if (const auto place = line.find("<data_dir>"); place != std::string::npos) line.replace(place, 10, data_dir);
        lines.push_back(line.substr(1));
    }
    return lines;
}

BOOST_AUTO_TEST_CASE(each_key_of_the_shipped_file_passes_the_check_alone_and_all_together) {
    const auto lines = shipped_keys(dir.path().string());
    BOOST_TEST(lines.size() > 60U);
    std::string all;
    for (const auto& line : lines) {
        write_text(file, line + "\n");
        const auto [status, said] = checked();
        BOOST_TEST(status == 0, line << ": " << said);
        all += line + "\n";
    }
    write_text(file, all);
    BOOST_TEST(checked().first == 0);
    BOOST_TEST(foliot::read_settings(file, true).settings.size() == lines.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing

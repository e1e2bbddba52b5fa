// A module is replaced again and again while its jobs run as fast as they can: no run fails, none is lost, and the
// server has no more processes and descriptors afterwards than before.
#include "base/json.hpp"
#include "faults/books.hpp"
#include "support/how_much.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>

namespace foliot::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kGood[] = {FOLIOT_FIXTURES_DIR "/tasks.so", FOLIOT_FIXTURES_DIR "/newer/tasks.so"};
constexpr const char* kBad = FOLIOT_FIXTURES_DIR "/missing_symbol.so";  // it declares another name, too

std::set<pid_t> children_of(pid_t parent) {
    std::set<pid_t> children;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream stat(entry.path() / "stat");
        std::string text;
        std::getline(stat, text, '\0');  // nothing of one that has just gone
        const auto end = text.rfind(')');
        if (end == std::string::npos) continue;
        std::istringstream rest(text.substr(end + 1));
        char state = 0;
        pid_t of = 0;
        if (rest >> state >> of && of == parent) children.insert(static_cast<pid_t>(std::stol(name)));
    }
    return children;
}

/// What they are of, without numbers. But for the database: as many of its readers stay open as there were at once.
std::multiset<std::string> descriptors_of(pid_t pid) {
    std::multiset<std::string> all;
    for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
        std::error_code gone;
        const std::string target = fs::read_symlink(entry.path(), gone).string();
        if (!gone && target.find("/foliot.db") == std::string::npos) all.insert(target.substr(0, target.find('[')));
    }
    return all;
}

std::string text_of(const std::multiset<std::string>& all) {
    std::string text;
    for (const auto& one : all) text += one + "\n";
    return text;
}

struct Redeployed {
    static constexpr int kJobs = 4;

    TempDir dir;
    SystemClock clock;
    fs::path folder = dir / "modules", place = folder / "tasks.so";
    std::optional<ServerProcess> server;

    Redeployed() {
        fs::create_directory(folder);
        deploy(kGood[0]);
        server.emplace(ServerProcess::Options{
            dir.path(),
            {"workers.max=2", "modules.path=" + folder.string(), "modules.trusted_paths=" + folder.string()}});
        for (int i = 0; i < kJobs; ++i)
            post("/scheduler/jobs", R"({"id":"job)" + std::to_string(i) +
                                        R"(","func":"tasks:ok","trigger":"interval","seconds":0.02,)"
                                        R"("max_instances":100})");
    }

    void deploy(const fs::path& file) const {
        const fs::path beside = folder / "tasks.so.new";
        fs::copy_file(file, beside, fs::copy_options::overwrite_existing);
        fs::rename(beside, place);
    }
    std::string post(const std::string& path, const std::string& body = "") const {
        const auto reply = server->client().post(path, body);
        BOOST_REQUIRE_MESSAGE(reply.status / 100 == 2, path << ": " << reply.body);
        return reply.body;
    }
    std::string get(const std::string& path) const { return server->client().get(path).body; }

    std::size_t count(const std::string& state) const {
        const std::string body = get("/api/v1/executions?limit=100&state=" + state);
        return json::parse(body).find("executions")->items.size();
    }
    /// Version of the module that the newest run that succeeded had.
    std::string newest_version() const {
        const std::string body = get("/api/v1/executions?state=succeeded&limit=1");
        const auto answer = json::parse(body);
        const auto& items = answer.find("executions")->items;
        if (items.empty()) return "";
        const std::string id = items.front().find("execution_id")->string;
        const std::string one = get("/api/v1/executions/" + id);
        return json::parse(one).find("module_version")->string;
    }
    bool is_used(const std::string& version) const {
        return wait_until([&] { return newest_version() == version; }, 60 * kSecond);
    }
    void pause() const {
        post("/scheduler/pause");
        BOOST_REQUIRE(wait_until([&] { return count("running") == 0; }, 60 * kSecond));
    }
    /// But for those of its idle workers, of which there are two at most; while nobody asks it for anything.
    std::multiset<std::string> descriptors_at_rest() const {
        std::multiset<std::string> last;
        int same = 0;
        const bool rests = wait_until([&] {
            const std::size_t workers = children_of(server->pid()).size();
            auto now = descriptors_of(server->pid());
            for (std::size_t i = 0; i < workers; ++i) {
                for (const char* one : {"socket:", "pipe:", "pipe:", "pipe:", "pipe:", "anon_inode:"}) {
                    if (const auto found = now.find(one); found != now.end()) now.erase(found);
                }
            }
            same = now == last && workers <= 2 ? same + 1 : 0;
            last = std::move(now);
            return same > 50;
        });
        BOOST_TEST(rests, children_of(server->pid()).size() << " children");
        return last;
    }
    void check_books() {
        server->stop();
        const auto store = store::open_sqlite({dir / "foliot.db"}, clock);
        std::size_t succeeded = 0;
        for (const auto& run : all_runs(*store)) {
            const bool calm = run.state == RunState::succeeded || run.state == RunState::skipped || is_live(run.state);
            BOOST_TEST(calm, run.job_id << " is " << wire_name(run.state) << ", " << run.reason << ": " << run.error);
            succeeded += run.state == RunState::succeeded ? 1 : 0;
        }
        BOOST_TEST(succeeded > 0U);
        BOOST_TEST_MESSAGE(succeeded << " runs");
        check_fires(*store);
    }
};

BOOST_FIXTURE_TEST_SUITE(redeploy, Redeployed)

BOOST_AUTO_TEST_CASE(a_module_that_is_replaced_under_load_fails_and_loses_no_run_and_leaks_nothing) {
    const unsigned redeploys = number_from("FOLIOT_REDEPLOYS", long_run() ? 1'000 : 30);
    BOOST_REQUIRE(is_used("1.0.0"));
    pause();
    const auto before = descriptors_at_rest();
    post("/scheduler/resume");
    for (unsigned i = 1; i <= redeploys; ++i) {
        deploy(kGood[i % 2]);
        if (i % 15 != 0) post("/api/v1/modules/rescan");  // else it is noticed by itself
        BOOST_REQUIRE_MESSAGE(is_used(i % 2 == 0 ? "1.0.0" : "2.0.0"), "redeploy " << i << "\n" << server->log());
    }
    pause();
    const auto after = descriptors_at_rest();
    BOOST_TEST((after == before), "before:\n" << text_of(before) << "after:\n" << text_of(after));
    BOOST_TEST(server->log().find(" ERROR ") == std::string::npos, server->log());
    check_books();
}

BOOST_AUTO_TEST_CASE(a_bad_version_in_between_fails_no_run_either_they_wait) {
    const unsigned redeploys = number_from("FOLIOT_REDEPLOYS", long_run() ? 200 : 6);
    BOOST_REQUIRE(is_used("1.0.0"));
    for (unsigned i = 1; i <= redeploys; ++i) {
        const std::string truncated = [] {
            std::ostringstream bytes;
            bytes << std::ifstream(kGood[0], std::ios::binary).rdbuf();
            return bytes.str().substr(0, 5000);
        }();
        switch (i % 3) {
            case 0: fs::remove(place); break;
            case 1: deploy(kBad); break;
            default: {
                std::ofstream(folder / "part", std::ios::binary) << truncated;
                deploy(folder / "part");
            }
        }
        post("/api/v1/modules/rescan");
        BOOST_TEST(get("/api/v1/modules/tasks").find(R"("last_good_version":")") != std::string::npos);
        const auto waits = [&] {
            return get("/api/v1/executions?state=scheduled&limit=100").find("module_unavailable") != std::string::npos;
        };
        BOOST_TEST(wait_until(waits));
        deploy(kGood[i % 2]);
        post("/api/v1/modules/rescan");
        BOOST_REQUIRE_MESSAGE(is_used(i % 2 == 0 ? "1.0.0" : "2.0.0"), "redeploy " << i << "\n" << server->log());
    }
    pause();
    check_books();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing

// A real server whose disk fills up while jobs run. Needs a small file system of its own.
#include "app/fixture.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/time_text.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <set>

namespace foliot::testing {
namespace {

/// A file system in memory, if this user may mount one.
class SmallDisk {
  public:
    SmallDisk(std::filesystem::path at, const std::string& size) : at_(std::move(at)) {
        std::filesystem::create_directories(at_);
        mounted_ = ::mount("foliot-test", at_.c_str(), "tmpfs", 0, ("mode=700,size=" + size).c_str()) == 0;
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool mounted() const { return mounted_; }

    /// Nothing is left for others.
    void fill() const {
        const Fd file(::open((at_ / "filler").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        if (!file) throw_errno("open filler");
        const std::string block(4096, 'x');
        while (::write(file.get(), block.data(), block.size()) > 0) {}
        BOOST_REQUIRE_EQUAL(errno, ENOSPC);
    }
    void free() const { std::filesystem::remove(at_ / "filler"); }

  private:
    std::filesystem::path at_;
    bool mounted_ = false;
};

struct DiskFixture : ServerFixture {
    SmallDisk disk{dir / "disk", "96m"};

    bool permitted() const {
        if (!disk.mounted()) BOOST_TEST_MESSAGE("skipped: this user may not mount a file system");
        return disk.mounted();
    }
    void start_on_disk() { server = std::make_unique<ServerProcess>(ServerProcess::Options{dir / "disk", settings}); }
    Reply ready() const { return HttpClient(server->port(), "").get("/readyz"); }
    bool says_full() const {
        const auto reply = ready();
        return reply.status == 503 && reply.body.find(R"("status":"unavailable")") != std::string::npos &&
               reply.body.find("the disk that holds") != std::string::npos;
    }
    Reply add(const std::string& id, const std::string& seconds) const {
        return server->client().post("/scheduler/jobs",
                                     R"({"id":")" + id + R"(","func":"bench:append","kwargs":{"path":")" +
                                         (dir / "ran").string() + R"("},"trigger":"interval","coalesce":false,)" +
                                         R"("misfire_grace_time":null,"seconds":)" + seconds + "}");
    }
    std::multiset<std::string> ran() const {
        std::multiset<std::string> ids;
        std::string text = read_file((dir / "ran").string());
        for (std::size_t at = 0; at + 33 <= text.size(); at += 33) ids.insert(text.substr(at, 32));
        return ids;
    }
    /// Each fire is in exactly one row, and each success wrote exactly one line.
    void check_books(const std::string& job, Micros every) const {
        const auto reply = server->client().get("/api/v1/executions?limit=10000&job_id=" + job);
        const auto page = json::parse(reply.body);
        std::int64_t fires = 0;
        Micros first = 0, last = 0;
        const auto ids = ran();
        for (const auto& row : page.find("executions")->items) {
            const Micros from = parse_time(text_of(row, "first_nominal_time")).value().at;
            const Micros until = parse_time(text_of(row, "nominal_time")).value().at;
            fires += row.find("fires")->integer;
            first = first == 0 ? from : std::min(first, from);
            last = std::max(last, until);
            const std::string state = text_of(row, "state"), id = text_of(row, "execution_id");
            const bool fine = state == "succeeded" || state == "missed" || state == "scheduled" || state == "skipped";
            BOOST_TEST(fine, id << " is " << state);
            BOOST_TEST(ids.count(id) == (state == "succeeded" ? 1U : 0U), id);
        }
        BOOST_TEST(fires == (last - first) / every + 1);
    }
};

BOOST_FIXTURE_TEST_SUITE(disk_full, DiskFixture)

BOOST_AUTO_TEST_CASE(a_disk_that_fills_up_under_running_jobs_loses_nothing_and_all_goes_on_when_there_is_space) {
    if (!permitted()) return;
    start_on_disk();
    BOOST_REQUIRE_EQUAL(add("beat", "0.1").status, 200);
    run("long", "tasks:slow", R"(,"args":[6])");
    BOOST_REQUIRE(wait_until([&] { return executions("beat").size() > 5; }));
    disk.fill();
    BOOST_TEST(wait_until([&] { return says_full(); }, 60 * kSecond), ready().body);

    const auto refused = add("other", "1");
    BOOST_TEST(refused.status == 503);
    BOOST_TEST(refused.body.find("nothing was changed") != std::string::npos, refused.body);
    BOOST_TEST(ended("long").state == "succeeded");  // its end is stored: the reserve makes room
    const auto before = executions("beat").size();
    BOOST_TEST(!wait_until([&] { return executions("beat").size() > before; }, kSecond));
    BOOST_TEST(says_full());

    disk.free();
    BOOST_TEST(wait_until([&] { return ready().status == 200; }), ready().body);
    BOOST_TEST(wait_until([&] { return executions("beat").size() > before + 5; }));
    BOOST_TEST(add("other", "1000").status == 200);
    BOOST_TEST(std::filesystem::file_size(dir / "disk" / "foliot.db.reserve") == 16U << 20);
    BOOST_TEST(server->client().post("/scheduler/shutdown").status == 204);  // what was started has ended
    check_books("beat", kSecond / 10);
    BOOST_TEST(server->stop().code == 0);
}

BOOST_AUTO_TEST_CASE(a_server_starts_on_a_full_disk_and_goes_on_when_there_is_space) {
    if (!permitted()) return;
    start_on_disk();
    BOOST_REQUIRE_EQUAL(add("beat", "0.1").status, 200);
    BOOST_REQUIRE(wait_until([&] { return executions("beat").size() > 2; }));
    server->kill_hard();
    disk.fill();
    start_on_disk();
    BOOST_TEST(wait_until([&] { return says_full(); }), ready().body);
    server->kill_hard();
    start_on_disk();
    BOOST_TEST(wait_until([&] { return says_full(); }), ready().body);
    const auto before = executions("beat").size();
    disk.free();
    BOOST_TEST(wait_until([&] { return executions("beat").size() > before + 2; }));
    BOOST_TEST(ready().status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace foliot::testing

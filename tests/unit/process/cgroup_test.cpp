#include "process/cgroup.hpp"

#include "base/fd.hpp"
#include "process/spawn.hpp"
#include "support/real_cgroup.hpp"
#include "support/temp_dir.hpp"
#include "support/wait.hpp"

#include <boost/test/unit_test.hpp>
#include <poll.h>
#include <unistd.h>

#include <fstream>

namespace foliot::process {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) { return read_file(file.string()); }

void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

/// Plain files where the kernel would have its own: shows what is written, for controllers that are not here.
struct FakeCgroup {
    explicit FakeCgroup(const std::string& controllers) {
        write(dir / "cgroup.controllers", controllers);
        write(dir / "cgroup.subtree_control", "");
        make_leaf(dir / "foliotd");
    }
    static void make_leaf(const fs::path& folder) {
        fs::create_directories(folder);
        for (const char* file : {"cgroup.procs", "cgroup.kill", "pids.max", "memory.max", "memory.oom.group"}) {
            write(folder / file, "");
        }
        write(folder / "memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill 0\noom_group_kill 0\n");
    }
    testing::TempDir dir;
};

constexpr const char* kHybridMounts =
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw\n";
constexpr const char* kUnifiedMounts =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

}  // namespace

BOOST_AUTO_TEST_CASE(the_own_cgroup_is_found_wherever_its_hierarchy_is_mounted) {
    struct Case {
        const char* memberships;
        const char* mounts;
        const char* wanted;
    };
    const Case cases[] = {
        {"0::/system.slice/foliotd.service\n", kUnifiedMounts, "/sys/fs/cgroup/system.slice/foliotd.service"},
        {"4:memory:/x\n1:cpu:/\n0::/a/b\n", kHybridMounts, "/sys/fs/cgroup/unified/a/b"},
        {"0::/\n", kHybridMounts, "/sys/fs/cgroup/unified"},
        {"0::/docker/c1/sub\n", "1 2 0:1 /docker/c1 /my\\040cgroups rw - cgroup2 none rw\n", "/my cgroups/sub"},
        {"0::/docker/c1\n", "1 2 0:1 /docker/c1 /blank\\040 rw - cgroup2 none rw\n", "/blank "},
        {"0::/elsewhere\n", "1 2 0:1 /docker/c1 /cgroups rw - cgroup2 none rw\n", ""},
        {"4:memory:/x\n", kHybridMounts, ""},
        {"0::/a\n", "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n", ""},
        {"", "", ""},
    };
    for (const Case& one : cases) {
        const auto found = own_cgroup(one.memberships, one.mounts);
        fs::path got = found.value_or("");
        if (!got.empty() && got.filename().empty()) got = got.parent_path();
        BOOST_TEST(got == fs::path(one.wanted), one.memberships << ": " << got);
    }
}

BOOST_AUTO_TEST_CASE(what_a_leaf_is_told_goes_into_the_files_of_the_controllers_that_there_are) {
    const FakeCgroup fake("cpu memory pids\n");
    FakeCgroup::make_leaf(fake.dir / "worker-7");
    std::error_code ignored;
    fs::rename(fake.dir / "worker-7", fake.dir / "later", ignored);  // not one of an earlier server
    const Cgroup cgroup = Cgroup::take(fake.dir.path());
    fs::rename(fake.dir / "later", fake.dir / "worker-7", ignored);
    BOOST_TEST(text_of(fake.dir / "foliotd" / "cgroup.procs") == std::to_string(::getpid()));
    BOOST_TEST(cgroup.has("memory"));
    BOOST_TEST(cgroup.has("pids"));
    BOOST_TEST(!cgroup.has("cpu"));

    const Leaf leaf = cgroup.make_leaf("7");
    BOOST_TEST(text_of(leaf.folder() / "memory.oom.group") == "1");
    leaf.set_tasks(512);
    BOOST_TEST(text_of(leaf.folder() / "pids.max") == "512");
    leaf.set_tasks(0);
    BOOST_TEST(text_of(leaf.folder() / "pids.max") == "max");
    BOOST_TEST(leaf.set_memory(1 << 20));
    BOOST_TEST(text_of(leaf.folder() / "memory.max") == "1048576");
    BOOST_TEST(leaf.set_memory(0));
    BOOST_TEST(text_of(leaf.folder() / "memory.max") == "max");
    leaf.add(4711);
    BOOST_TEST(text_of(leaf.folder() / "cgroup.procs") == "4711");
    BOOST_TEST(leaf.oom_kills() == 0U);
    write(leaf.folder() / "memory.events", "low 0\noom 1\noom_kill 2\n");
    BOOST_TEST(leaf.oom_kills() == 2U);
    leaf.kill();
    BOOST_TEST(text_of(leaf.folder() / "cgroup.kill") == "1");
}

BOOST_AUTO_TEST_CASE(without_controllers_a_leaf_has_no_limits_and_writes_nothing) {
    const FakeCgroup fake("hugetlb\n");
    const Cgroup cgroup = Cgroup::take(fake.dir.path());
    FakeCgroup::make_leaf(fake.dir / "worker-1");
    const Leaf leaf = cgroup.make_leaf("1");
    BOOST_TEST(!leaf.set_memory(1 << 20));
    leaf.set_tasks(5);
    for (const char* file : {"memory.max", "memory.oom.group", "pids.max"}) {
        BOOST_TEST(text_of(leaf.folder() / file) == "");
    }
}

BOOST_AUTO_TEST_CASE(a_leaf_that_cannot_be_made_whole_is_not_left_behind) {
    const FakeCgroup fake("memory\n");
    const Cgroup cgroup = Cgroup::take(fake.dir.path());
    BOOST_CHECK_THROW(cgroup.make_leaf("9"), std::system_error);  // without memory.oom.group
    BOOST_TEST(!fs::exists(fake.dir / "worker-9"));
}

BOOST_AUTO_TEST_CASE(a_cgroup_that_another_server_uses_is_refused_by_its_number) {
    const FakeCgroup fake("");
    write(fake.dir / "foliotd" / "cgroup.procs", "4711\n");
    BOOST_CHECK_EXCEPTION(Cgroup::take(fake.dir.path()), CgroupError,
                          [](const CgroupError& e) { return std::string(e.what()).find("4711") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_no_cgroup_is_refused_by_its_name) {
    const testing::TempDir dir;
    for (const fs::path& folder : {dir.path(), dir / "nowhere"}) {
        BOOST_CHECK_EXCEPTION(Cgroup::take(folder), CgroupError, [&](const CgroupError& e) {
            return std::string(e.what()).find(folder.string()) != std::string::npos;
        });
    }
}

BOOST_AUTO_TEST_CASE(a_killed_leaf_takes_along_all_that_was_started_in_it_however_it_hides) {
    const testing::RealCgroup real;
    if (!real.there()) return;
    become_subreaper();
    const Leaf leaf(real.folder / "worker-1", {});
    fs::create_directory(leaf.folder());
    FdPair held = make_output_pipe();  // by all of them: its end is theirs
    SpawnRequest request;
    request.program = "/bin/sh";
    request.arguments = {
        "-c", "read go <&3; for i in 1 2 3 4 5; do (setsid sh -c 'sleep 600 & sleep 600' &); done; echo; sleep 600"};
    FdPair go = make_socket_pair();
    request.out = held.theirs.get();
    request.extra = {go.theirs.get()};
    const Child child = spawn(request);
    leaf.add(child.pid);
    held.theirs.reset();
    BOOST_REQUIRE(write_all(go.ours.get(), "go\n"));
    pollfd said{held.ours.get(), POLLIN, 0};
    BOOST_REQUIRE(::poll(&said, 1, 20'000) == 1);
    BOOST_TEST(!leaf.remove());
    leaf.kill();
    BOOST_TEST(testing::wait_until([&] { return leaf.remove(); }));
    BOOST_TEST(testing::wait_until([&] { return reap(child).has_value(); }));
    reap_strays(20 * kSecond);
    pollfd end{held.ours.get(), 0, 0};
    BOOST_TEST(::poll(&end, 1, 20'000) == 1);
    BOOST_TEST((end.revents & POLLHUP) != 0);
}

BOOST_AUTO_TEST_CASE(one_that_has_ended_already_needs_no_leaf) {
    const testing::RealCgroup real;
    if (!real.there()) return;
    const Leaf leaf(real.folder / "worker-1", {});
    fs::create_directory(leaf.folder());
    const Child child = spawn({.program = "/bin/true", .arguments = {}, .environment = {}, .extra = {}});
    pollfd end{child.pidfd.get(), POLLIN, 0};
    BOOST_REQUIRE(::poll(&end, 1, 20'000) == 1);
    leaf.add(child.pid);
    BOOST_TEST(reap(child).has_value());
    leaf.add(child.pid);
    BOOST_TEST(leaf.remove());
}

}  // namespace foliot::process

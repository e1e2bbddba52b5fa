#include "process/privileges.hpp"

#include "base/error.hpp"
#include "base/fd.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <vector>

namespace foliot::process {
namespace {

constexpr unsigned kSets = 2;  ///< of 32 capabilities each
using Capabilities = std::array<__user_cap_data_struct, kSets>;

Capabilities capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    Capabilities sets{};
    if (::syscall(SYS_capget, &header, sets.data()) != 0) throw_errno("capget");
    return sets;
}

void set_capabilities(const Capabilities& sets) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    if (::syscall(SYS_capset, &header, sets.data()) != 0) throw_errno("capset");
}

bool has_any(const Capabilities& sets) {
    for (const auto& set : sets) {
        if ((set.effective | set.permitted | set.inheritable) != 0) return true;
    }
    return false;
}

/// Also what could come back by running a program; that needs a capability itself, and without it no_new_privs does.
void drop_capabilities() {
    constexpr int kBeyondAll = 64;
    for (int number = 0; number < kBeyondAll; ++number) {
        if (::prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0) break;
    }
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) throw_errno("clear ambient capabilities");
}

void expect_no_way_back(const JobUser& user) {
    uid_t real = 0;
    uid_t effective = 0;
    uid_t saved = 0;
    gid_t real_group = 0;
    gid_t effective_group = 0;
    gid_t saved_group = 0;
    if (::getresuid(&real, &effective, &saved) != 0) throw_errno("getresuid");
    if (::getresgid(&real_group, &effective_group, &saved_group) != 0) throw_errno("getresgid");
    const bool right_user = real == user.uid && effective == user.uid && saved == user.uid;
    const bool right_group = real_group == user.gid && effective_group == user.gid && saved_group == user.gid;
    if (!right_user || !right_group || ::getgroups(0, nullptr) != 0 || has_any(capabilities()) || ::setuid(0) == 0) {
        throw std::runtime_error("this process keeps rights beside those of user " + user.text());
    }
}

template <class Number>
Number number(std::string_view digits, std::string_view all) {
    Number value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value == 0) {
        throw std::runtime_error("'" + std::string(all) + "' is no UID:GID of a user other than root");
    }
    return value;
}

}  // namespace

JobUser find_user(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::vector<char> buffer(64UL << 10U);
    const int error = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (error != 0) throw_errno("look up user " + name, error);
    if (found == nullptr) throw std::runtime_error("there is no user '" + name + "' on this system");
    return {name, entry.pw_uid, entry.pw_gid};
}

JobUser parse_job_user(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) throw std::runtime_error("'" + std::string(text) + "' is no UID:GID");
    JobUser user;
    user.uid = number<uid_t>(text.substr(0, colon), text);
    user.gid = number<gid_t>(text.substr(colon + 1), text);
    user.name = text;
    return user;
}

std::string missing_powers() {
    const Capabilities sets = capabilities();
    std::string missing;
    const std::array<std::pair<unsigned, const char*>, 3> wanted{
        {{CAP_SETUID, "CAP_SETUID"}, {CAP_SETGID, "CAP_SETGID"}, {CAP_KILL, "CAP_KILL"}}};
    for (const auto& [capability, name] : wanted) {
        if ((sets[0].effective & (1U << capability)) != 0) continue;
        missing += (missing.empty() ? "" : ", ") + std::string(name);
    }
    return missing;
}

void pass_on_powers() {
    Capabilities sets = capabilities();
    sets[0].inheritable |= (1U << CAP_SETUID) | (1U << CAP_SETGID);
    set_capabilities(sets);
    for (const int capability : {CAP_SETUID, CAP_SETGID}) {
        if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0)
            throw_errno("raise ambient capability");
    }
}

void become_user(const JobUser& user) {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw_errno("set no_new_privs");
    drop_capabilities();
    if (::setgroups(0, nullptr) != 0) throw_errno("drop supplementary groups");
    if (::setresgid(user.gid, user.gid, user.gid) != 0) throw_errno("become group " + std::to_string(user.gid));
    if (::setresuid(user.uid, user.uid, user.uid) != 0) throw_errno("become user " + std::to_string(user.uid));
    set_capabilities({});  // leaving a user that is not root drops none
    expect_no_way_back(user);
    // Changing users took /proc/self away from this process.
    if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) throw_errno("make dumpable");
}

}  // namespace foliot::process

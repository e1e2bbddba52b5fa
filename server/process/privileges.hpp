// Who a process runs as, and what it may do beyond that. Raw system calls: no library for capabilities.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace foliot::process {

/// Another user than the server's: jobs run as it.
struct JobUser {
    std::string name;
    uid_t uid = 0;
    gid_t gid = 0;

    std::string text() const { return std::to_string(uid) + ":" + std::to_string(gid); }  ///< for `--user`
};

/// From the system's users. Throws std::runtime_error when there is none of that name.
JobUser find_user(const std::string& name);

/// Reads text(), without a name. Throws std::runtime_error; root is refused.
JobUser parse_job_user(std::string_view text);

/// The capabilities among SETUID, SETGID and KILL that this process lacks, with commas between them.
std::string missing_powers();
/// Lets programs that this process starts have SETUID and SETGID, which become_user() needs there. For a server that is
/// not root and has them. Throws std::system_error.
void pass_on_powers();

/// Turns this process into the user's for ever: its uid and gid, no other groups, no capability whatever, no way back,
/// which is checked. While it has one thread. Throws std::system_error or std::runtime_error; go no further then.
void become_user(const JobUser& user);

}  // namespace foliot::process

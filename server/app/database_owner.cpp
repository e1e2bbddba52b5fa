#include "app/database_owner.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace foliot::app {

void refuse_files_of_others(const std::filesystem::path& database) {
    struct stat file {};
    if (::stat(database.c_str(), &file) != 0 || file.st_uid == ::geteuid()) return;
    const struct passwd* owner = ::getpwuid(file.st_uid);
    const std::string who = owner != nullptr ? owner->pw_name : std::to_string(file.st_uid);
    const std::string how = owner != nullptr ? " (runuser -u " + who + " -- foliotd ...)" : "";
    throw std::runtime_error("the database " + database.string() + " belongs to the user " + who +
                             ": run this as that one" + how);
}

}  // namespace foliot::app

#include "app/set_password.hpp"

#include "app/database_owner.hpp"
#include "base/fd.hpp"
#include "base/file_lock.hpp"
#include "service/passwords.hpp"
#include "service/users.hpp"
#include "store/store.hpp"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>

namespace foliot::app {
namespace {

/// While it lives, what is typed is not shown.
class NoEcho {
  public:
    NoEcho() : is_terminal_(::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!is_terminal_) return;
        std::cerr << "New password: " << std::flush;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~NoEcho() {
        if (!is_terminal_) return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        std::cerr << '\n';
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

    bool is_terminal() const { return is_terminal_; }

  private:
    termios before_{};
    bool is_terminal_;
};

/// All there is, or the one line that is typed; bounded by what no password exceeds.
std::string read_password() {
    const NoEcho quiet;
    std::string text;
    std::array<char, 512> part{};
    while (text.size() <= service::kLongestPassword + 2) {
        const auto size = read_some(STDIN_FILENO, part);
        if (size <= 0) break;
        text.append(part.data(), static_cast<std::size_t>(size));
        if (quiet.is_terminal() && text.ends_with('\n')) break;
    }
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

/// The server takes them one by one; here Ctrl-C is to end the program.
void let_signals_through() {
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

void set_in_store(const Config& config, const std::string& user, const std::string& password) {
    if (!std::filesystem::exists(config.database)) {
        throw std::runtime_error(
            "there is no database " + config.database.string() +
            ": is this the server's configuration? It makes its database when it is first started");
    }
    refuse_files_of_others(config.database);
    const SystemClock clock;
    const auto store = store::open_sqlite({.file = config.database}, clock);
    service::set_password(*store, user, password);
}

}  // namespace

int set_password(const Config& config, const std::string& user) {
    let_signals_through();
    try {
        const std::string password = read_password();
        service::check_password("password", password);
        set_in_store(config, user, password);
        return 0;
    } catch (const InUse&) {
        std::cerr << "foliotd: a server uses " << config.database.string()
                  << ": stop it first, or let an Admin change the password with PATCH /api/v1/users/ID\n";
    } catch (const std::exception& e) {
        std::cerr << "foliotd: " << e.what() << '\n';
    }
    return 1;
}

}  // namespace foliot::app

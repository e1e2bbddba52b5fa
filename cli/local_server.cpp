#include "cli/local_server.hpp"

#include "base/fd.hpp"
#include "base/file_lock.hpp"
#include "config/settings.hpp"

#include <algorithm>
#include <system_error>

namespace foliot::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kConfiguration = "/etc/foliot/foliotd.properties";
constexpr const char* kUsualDataDir = "/var/lib/foliot";

std::string first_line(const fs::path& file) {
    std::string text = read_file(file.string());
    text.erase(std::min(text.find('\n'), text.size()));
    return text;
}

/// An address to listen on that means "all" is one to connect to here.
std::string url_of(const std::string& address) {
    for (const auto& [all, here] : {std::pair{"0.0.0.0:", "127.0.0.1:"}, {"[::]:", "[::1]:"}}) {
        if (address.starts_with(all)) return "http://" + (here + address.substr(std::string(all).size()));
    }
    return "http://" + address;
}

}  // namespace

std::optional<fs::path> configured_data_dir(const fs::path& file) {
    try {
        const Given given = read_settings(file, false);
        const auto folder = given.settings.find("data_dir");
        return folder == given.settings.end() ? std::nullopt : std::optional<fs::path>(folder->second);
    } catch (const std::runtime_error&) {
        return std::nullopt;  // wrong, or not for this user to read: foliotd --check-config tells
    }
}

LocalServer local_server(const std::string& data_dir) {
    LocalServer server;
    server.data_dir =
        data_dir.empty() ? configured_data_dir(kConfiguration).value_or(kUsualDataDir) : fs::path(data_dir);
    try {
        const fs::path address = server.data_dir / "run" / "http.address";
        server.url = url_of(first_line(address));
        if (!is_locked(server.data_dir / "server.lock")) {
            server.url.clear();
            server.is_stale = true;
            server.problem = address.string() +
                             " is what a server left that has crashed or was killed (one in another container is named "
                             "by --url)";
        }
    } catch (const std::system_error& error) {
        server.problem = error.what();
    }
    try {
        server.token = first_line(server.token_file());
    } catch (const std::system_error&) {
        server.token.clear();
    }
    return server;
}

}  // namespace foliot::cli

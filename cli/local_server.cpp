#include "cli/local_server.hpp"

#include "base/fd.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <algorithm>
#include <system_error>
#include <vector>

namespace foliot::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kConfiguration = "/etc/foliot/foliotd.properties";
constexpr const char* kUsualDataDir = "/var/lib/foliot";

std::vector<fs::path> with_drop_ins(const fs::path& file) {
    std::vector<fs::path> files;
    std::error_code none;
    for (fs::directory_iterator at(file.string() + ".d", none), end; !none && at != end; at.increment(none)) {
        const bool hidden = at->path().filename().string().starts_with('.');
        if (!hidden && at->path().extension() == ".properties") files.push_back(at->path());
    }
    std::ranges::sort(files);
    files.insert(files.begin(), file);
    return files;
}

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
    std::optional<fs::path> found;
    for (const fs::path& one : with_drop_ins(file)) {
        try {
            const Poco::AutoPtr<Poco::Util::PropertyFileConfiguration> properties(
                new Poco::Util::PropertyFileConfiguration(one.string()));
            if (properties->hasProperty("data_dir")) found = properties->getRawString("data_dir");
        } catch (const Poco::Exception&) {
            continue;  // not there, not to be read, or wrong: foliotd --check-config tells
        }
    }
    return found;
}

LocalServer local_server(const std::string& data_dir) {
    LocalServer server;
    server.data_dir =
        data_dir.empty() ? configured_data_dir(kConfiguration).value_or(kUsualDataDir) : fs::path(data_dir);
    try {
        server.url = url_of(first_line(server.data_dir / "run" / "http.address"));
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

#include "docs/old_system.hpp"

#include "base/fd.hpp"
#include "base/json.hpp"

#include <filesystem>
#include <set>

namespace foliot::testing {

OldSystem::OldSystem(const std::string& page) {
    const auto file = std::filesystem::path(FOLIOT_SOURCE_DIR) / "tests/docs/old" /
                      std::filesystem::path(page).filename().replace_extension(".json");
    if (!std::filesystem::exists(file)) return;
    const std::string text = read_file(file.string());
    const json::Value answers = json::parse(text);
    for (const json::Member& each : answers.members) answers_[each.name] = std::string(each.value.raw);
    server_ = std::make_unique<WebServer>([this](WebConnection& connection, WebServer& server) {
        const WebRequest request = server.receive(connection);
        const auto found = answers_.find(request.method + " " + request.target);
        const bool is_known = found != answers_.end();
        connection.send(answer(is_known ? 200 : 404, "Content-Type: application/json\r\nConnection: close\r\n",
                               is_known ? found->second : "{}"));
    });
}

std::string OldSystem::url() const {
    if (!server_) return "";
    const std::string url = server_->url();
    return url.substr(0, url.size() - 1);
}

std::vector<std::string> OldSystem::unasked() const {
    if (!server_) return {};
    std::set<std::string> asked;
    for (const WebRequest& request : server_->requests()) asked.insert(request.method + " " + request.target);
    std::vector<std::string> left;
    for (const auto& [request, body] : answers_)
        if (!asked.contains(request)) left.push_back(request);
    return left;
}

}  // namespace foliot::testing

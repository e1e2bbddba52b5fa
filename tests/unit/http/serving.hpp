// A server on a free port with a few routes, ended with the test.
#pragma once

#include "toy.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace foliot::testing {

struct Serving {
    ToyDialect toy{"toy"}, flask{"flask", true};
    api::Router router{toy};
    api::ServerOptions options;
    std::unique_ptr<api::HttpServer> server;
    std::atomic<bool> hold{false};  ///< /hold waits while it is set
    std::atomic<int> holding{0};
    std::mutex mutex;
    std::vector<std::string> served;  ///< "METHOD path body" of what reached /echo

    Serving() {
        options.port = 0;
        router.claim_prefix("/flask", flask);
        add("GET", "/any", api::Access::anonymous, Scope::read, [](const api::Request&) { return text("any"); });
        add("GET", "/guest", api::Access::guest, Scope::read,
            [](const api::Request& r) { return text(r.principal.account == 0 ? "a guest" : r.principal.name); });
        add("GET", "/view", api::Access::viewer, Scope::read,
            [](const api::Request& r) { return text(r.principal.name); });
        add("POST", "/operate", api::Access::operator_, Scope::run, [](const api::Request&) { return text("done"); });
        add("DELETE", "/rule", api::Access::admin, Scope::admin, [](const api::Request&) { return text("gone"); });
        add("POST", "/flask/x", api::Access::viewer, Scope::read, [](const api::Request&) { return text("flask"); });
        add("GET", "/own/{id}", api::Access::viewer, Scope::read,
            [](const api::Request& r) { return text(r.parameter("id")); });
        add("OPTIONS", "/own/{id}", api::Access::anonymous, Scope::read,
            [](const api::Request&) { return text("mine"); });
        for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
            add(method, "/echo", api::Access::viewer, Scope::read, [this](const api::Request& r) { return echo(r); });
        }
        add(
            "POST", "/told", api::Access::operator_, Scope::run,
            [](const api::Request& r) { return text(r.principal.name + ": " + r.body); }, told_in);
        add("GET", "/big", api::Access::viewer, Scope::read,
            [](const api::Request& r) { return text(std::string(std::stoul(r.query_value("n").value()), 'x')); });
        add("GET", "/hold", api::Access::viewer, Scope::read, [this](const api::Request&) {
            ++holding;
            wait_until([this] { return !hold; });
            --holding;
            return text("held");
        });
        add_odd_ones();
    }
    ~Serving() {
        hold = false;
        if (server) server->stop(kSecond);
    }

    void add(std::string method, std::string pattern, api::Access access, Scope scope, api::Handler handler,
             api::FindLogin login_in = nullptr) {
        api::Route route;
        route.method = std::move(method);
        route.pattern = std::move(pattern);
        route.access = access;
        route.scope = scope;
        route.handler = std::move(handler);
        route.login_in = login_in;
        router.add(std::move(route));
    }
    /// A body "NAME PASSWORD REST" has a login, unless it begins with a blank.
    static std::optional<api::LoginInBody> told_in(std::string_view body) {
        const auto first = body.find(' '), second = body.find(' ', first + 1);
        if (first == 0 || second == std::string_view::npos) return std::nullopt;
        if (body.starts_with("?")) throw RequestError(Problem::invalid, "what is that?");
        return api::LoginInBody{{.user = std::string(body.substr(0, first)),
                                 .password = std::string(body.substr(first + 1, second - first - 1))},
                                std::string(body.substr(second + 1))};
    }
    void add_odd_ones() {
        const auto status = [this](const char* path, int code, std::string body) {
            add("GET", path, api::Access::viewer, Scope::read, [=](const api::Request&) {
                api::Response response = text(body);
                response.status = code;
                return response;
            });
        };
        status("/204", 204, "");
        status("/304", 304, "left out");
        const auto act = [this](const char* path, api::Handler handler) {
            add("GET", path, api::Access::viewer, Scope::read, std::move(handler));
        };
        act("/throws", [](const api::Request&) -> api::Response { throw std::runtime_error("secret detail"); });
        act("/throws-int", [](const api::Request&) -> api::Response { throw 7; });
        act("/header", [](const api::Request& r) { return text(std::string(r.header("x"))); });
        act("/invalid", [](const api::Request&) -> api::Response { throw invalid_field("hour", "too late"); });
        act("/inject", [](const api::Request&) {
            api::Response response = text("x");
            response.headers.emplace_back("Location", "/\r\nSet-Cookie: e=1");
            return response;
        });
    }
    api::Response echo(const api::Request& request) {
        const std::lock_guard lock(mutex);
        served.push_back(request.method + " " + request.path + " " + request.body);
        return text(request.body);
    }
    std::size_t served_count() {
        const std::lock_guard lock(mutex);
        return served.size();
    }
    std::uint16_t start() {
        server = std::make_unique<api::HttpServer>(options, router, who);
        return server->port();
    }
};

}  // namespace foliot::testing

// The HTTP front door of a real server, as clients with keep-alive connections see it.
//   get:  authenticated GET of a job
//   post: POST of a job, durable when it is answered
// The last line is one JSON object.
#include "base/fd.hpp"
#include "base/json.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstring>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace {

using namespace foliot;

struct Options {
    int clients = 16;
    int posters = 16;
    int jobs = 1'000;
    int seconds = 5;
    std::vector<std::string> settings;
};

Options parse(int argc, char** argv) {
    Options options;
    const std::pair<std::string_view, int*> numbers[] = {{"--clients", &options.clients},
                                                         {"--posters", &options.posters},
                                                         {"--jobs", &options.jobs},
                                                         {"--seconds", &options.seconds}};
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name.substr(0, 2) == "-D") {
            options.settings.emplace_back(name.substr(2));
            continue;
        }
        const auto* const found = std::find_if(std::begin(numbers), std::end(numbers),
                                               [&](const auto& known) { return known.first == name; });
        const std::string_view text = i + 1 < argc ? argv[++i] : "";
        if (found == std::end(numbers) || text.empty() ||
            std::from_chars(text.data(), text.data() + text.size(), *found->second).ptr != text.data() + text.size() ||
            *found->second < 1) {
            throw std::runtime_error(
                "usage: http [--clients N] [--posters N] [--jobs N] [--seconds N] [-Dkey=value ...]");
        }
    }
    return options;
}

/// As lean as it can be, since it shares the processors with the server.
class Connection {
  public:
    explicit Connection(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw_errno("connect");
        const int on = 1;
        ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }

    /// Throws unless the answer is 200 and the connection stays.
    void ask(std::string_view request) {
        if (!write_all(fd_.get(), request)) throw std::runtime_error("the server has closed the connection");
        std::size_t size = 0;
        std::size_t wanted = 0;
        do {
            const ssize_t got = ::recv(fd_.get(), buffer_.data() + size, buffer_.size() - size, 0);
            if (got <= 0) throw std::runtime_error("no whole answer");
            size += static_cast<std::size_t>(got);
            if (wanted == 0) wanted = length_of({buffer_.data(), size});
        } while (wanted == 0 || size < wanted);
        const std::string_view answer(buffer_.data(), size);
        if (answer.substr(9, 3) != "200") throw std::runtime_error("the answer is " + std::string(answer));
    }

  private:
    /// Of the whole answer; 0: its head has not come yet.
    static std::size_t length_of(std::string_view bytes) {
        constexpr std::string_view kField = "Content-Length: ";
        const std::size_t end = bytes.find("\r\n\r\n");
        const std::size_t field = bytes.find(kField);
        if (end == std::string_view::npos || field > end) return 0;
        std::size_t length = 0;
        std::from_chars(bytes.data() + field + kField.size(), bytes.data() + end, length);
        return end + 4 + length;
    }

    Fd fd_;
    std::array<char, 65536> buffer_{};
};

struct Figures {
    double per_s = 0;
    std::vector<Micros> times;  ///< of each request, sorted
};

/// Each client sends one request after the other, `request(client, number)`, for so long.
Figures measure(std::uint16_t port, int clients, Micros length,
                const std::function<std::string(int, std::int64_t)>& request) {
    const SystemClock clock;
    std::vector<std::vector<Micros>> times(static_cast<std::size_t>(clients));
    std::vector<std::thread> threads;
    std::atomic<bool> failed{false};
    const Micros begin = clock.monotonic();
    for (int client = 0; client < clients; ++client) {
        threads.emplace_back([&, client] {
            try {
                auto& own = times[static_cast<std::size_t>(client)];
                Connection connection(port);
                Micros now = clock.monotonic();
                for (std::int64_t number = 0; now < begin + length && !failed; ++number) {
                    const std::string text = request(client, number);
                    const Micros start = clock.monotonic();
                    connection.ask(text);
                    now = clock.monotonic();
                    own.push_back(now - start);
                }
            } catch (const std::exception& error) {
                if (!failed.exchange(true)) std::cerr << error.what() << '\n';
            }
        });
    }
    for (auto& thread : threads) thread.join();
    const Micros took = clock.monotonic() - begin;
    if (failed) throw std::runtime_error("a request failed");
    Figures figures;
    for (const auto& own : times) figures.times.insert(figures.times.end(), own.begin(), own.end());
    std::sort(figures.times.begin(), figures.times.end());
    figures.per_s = static_cast<double>(figures.times.size()) * 1e6 / static_cast<double>(took);
    return figures;
}

void write(json::Writer& out, const std::string& name, const Figures& figures) {
    const auto percentile = [&](double share) {
        const auto at = static_cast<std::size_t>(share * static_cast<double>(figures.times.size() - 1));
        return static_cast<double>(figures.times[at]) / 1e3;
    };
    out.field(name + "_per_s", figures.per_s);
    out.key(name + "_ms").begin_object();
    out.field("p50", percentile(0.5)).field("p99", percentile(0.99)).field("max", percentile(1.0)).end_object();
}

std::string head(const std::string& method, const std::string& path, const std::string& token) {
    return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token " + token + "\r\n";
}

std::string post_of(const std::string& id, const std::string& token) {
    const std::string body = R"({"id":")" + id + R"(","func":"bench:noop","trigger":"interval","weeks":50})";
    return head("POST", "/scheduler/jobs", token) +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        Options options = parse(argc, argv);
        const testing::TempDir dir;
        // Beyond three quarters of them connections are not kept.
        const int connections = std::max({64, 2 * options.clients, 2 * options.posters});
        options.settings.insert(options.settings.begin(), "http.max_connections=" + std::to_string(connections));
        testing::ServerProcess server({dir.path(), options.settings});
        const std::string token = server.token();
        Connection first(server.port());
        for (int i = 0; i < options.jobs; ++i) first.ask(post_of("get" + std::to_string(i), token));

        std::cerr << "get: " << options.clients << " clients for " << options.seconds << " s\n";
        const auto get = [&](int client, std::int64_t number) {
            const std::int64_t job = (number * 7919 + client) % options.jobs;
            return head("GET", "/scheduler/jobs/get" + std::to_string(job), token) + "\r\n";
        };
        measure(server.port(), options.clients, kSecond / 2, get);  // warm-up
        const Figures gets = measure(server.port(), options.clients, options.seconds * kSecond, get);

        std::cerr << "post: " << options.posters << " clients for " << options.seconds << " s\n";
        const auto post = [&](int client, std::int64_t number) {
            return post_of("p" + std::to_string(client) + "-" + std::to_string(number), token);
        };
        const Figures posts = measure(server.port(), options.posters, options.seconds * kSecond, post);
        if (server.stop().code != 0) throw std::runtime_error("the server ended badly:\n" + server.log());

        json::Writer out(json::Writer::Spacing::python);
        out.begin_object();
        write(out, "get", gets);
        write(out, "post", posts);
        out.field("clients", options.clients).field("posters", options.posters).field("jobs", options.jobs);
        std::cout << out.end_object().text() << '\n';
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "bench: " << error.what() << '\n';
        return 1;
    }
}

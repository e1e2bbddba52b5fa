// A client's bytes from the socket on: however they are cut into packets, the same requests are understood.
#include "api/http/guard.hpp"
#include "api/http/streaming.hpp"
#include "base/fd.hpp"
#include "require.hpp"

#include <Poco/Net/StreamSocket.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace foliot;
using namespace foliot::api;

namespace {

struct Understood {
    std::string method, target, body;
    std::vector<std::pair<std::string, std::string>> headers;
    int refusal = 0;
    bool operator==(const Understood&) const = default;
};

/// The client: whenever the server looks at the clock and has read all so far, the next packet comes. How long one is
/// says its own first byte.
class Client final : public Clock {
  public:
    Client(int fd, std::string_view text, bool cut) : fd_(fd), text_(text), cut_(cut) {}
    Micros now() const override { return monotonic(); }
    Micros monotonic() const override {
        int unread = 0;
        ::ioctl(fd_, SIOCOUTQ, &unread);
        if (unread == 0 && !ended_) send_packet();
        return 1;
    }

  private:
    void send_packet() const {
        const std::size_t wanted = cut_ && !text_.empty() ? static_cast<unsigned char>(text_.front()) % 16U + 1U : 8192;
        const std::string_view packet = text_.substr(0, wanted);
        REQUIRE(::send(fd_, packet.data(), packet.size(), 0) == static_cast<ssize_t>(packet.size()));
        text_.remove_prefix(packet.size());
        ended_ = text_.empty();
        if (ended_) ::shutdown(fd_, SHUT_WR);
    }

    const int fd_;
    mutable std::string_view text_;
    const bool cut_;
    mutable bool ended_ = false;
};

std::vector<Understood> read_all(std::string_view text, bool cut) {
    ServerOptions options;
    options.max_body = 2000;
    options.hosts = {"x"};
    FdPair pair = make_socket_pair();
    const Client client(pair.theirs.get(), text, cut);
    Connections connections(8, 8, client);
    StreamPlaces streams(8);
    RequestIds ids(client);
    RequestLog log(client);
    HttpTally tally({});
    auto* const guard =
        new GuardedSocket(pair.ours.release(), "peer", {options, client, connections, streams, ids, log, tally});
    Poco::Net::StreamSocket socket(guard);
    std::vector<Understood> all;
    while (socket.poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ)) {
        guard->receive_body();
        const int refusal = guard->refusal() ? guard->refusal()->status : 0;
        REQUIRE(guard->body().size() <= options.max_body);
        all.push_back({guard->head().method, guard->head().target, guard->body(), guard->head().headers, refusal});
    }
    socket.close();
    return all;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, std::min<std::size_t>(size, 40'000));
    REQUIRE(read_all(text, false) == read_all(text, true));
    return 0;
}

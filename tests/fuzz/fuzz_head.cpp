// The head of a request, as text: what is taken is framed beyond doubt, what is refused says how.
#include "api/http/compress.hpp"
#include "api/http/cross_site.hpp"
#include "api/http/hosts.hpp"
#include "api/http/message.hpp"
#include "api/http/proxies.hpp"
#include "require.hpp"

#include <algorithm>

using namespace foliot;
using namespace foliot::api;

namespace {

constexpr std::size_t kMaxBody = 4096;

bool is_plain(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

std::ptrdiff_t count(const RequestHead& head, std::string_view name) {
    return std::ranges::count_if(head.headers, [&](const auto& field) { return field.first == name; });
}

void check_taken(const RequestHead& head) {
    REQUIRE(head.target.starts_with('/') && is_plain(head.target));
    REQUIRE(head.target.find(' ') == std::string::npos);
    REQUIRE(head.content_length <= kMaxBody);
    REQUIRE(!head.chunked || (head.content_length == 0 && head.header("content-length").empty() && !head.http10));
    REQUIRE(head.chunked == !head.header("transfer-encoding").empty());
    const std::ptrdiff_t hosts = count(head, "host");
    REQUIRE(hosts == 1 || (hosts == 0 && head.http10));
    REQUIRE(count(head, "authorization") <= 1);
    REQUIRE(count(head, "content-length") <= 1);
    const std::string_view length = head.header("content-length");
    REQUIRE(count(head, "content-length") == 0 ? head.content_length == 0
                                               : std::stoull(std::string(length)) == head.content_length);
    for (const auto& [name, value] : head.headers) {
        REQUIRE(lower(name) == name && trim(value) == value);
        REQUIRE(is_plain(name) && is_plain(value));
    }
}

void check_client(const RequestHead& head) {
    Networks proxies;
    proxies.add("10.0.0.0/8");
    REQUIRE(client_of("192.0.2.1", head.headers, proxies) == "192.0.2.1");
    const std::string client = client_of("10.0.0.7", head.headers, proxies);
    REQUIRE(proxies.add(client));  // it is an address
}

void use_headers(const RequestHead& head) {
    if (const auto host = host_of(head.header("host"))) is_among(*host, {"localhost", "[ip]"});
    wants_gzip(head.header("accept-encoding"));
    parse_query(head.target);
    Request request;
    request.method = head.method;
    request.headers = head.headers;
    is_cross_site(request);
    is_preflight(request);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    RequestHead head;
    const auto refusal = parse_head(fuzz::text_of(data, size), kMaxBody, head);
    if (refusal) {
        REQUIRE(refusal->status >= 400 && refusal->status < 600 && is_plain(refusal->text));
    } else {
        check_taken(head);
    }
    use_headers(head);
    check_client(head);
    return 0;
}

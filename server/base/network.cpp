#include "base/network.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace foliot {

std::string network_of(std::string_view address) {
    std::string text(address.substr(0, address.find('%')));
    in6_addr bytes{};
    if (::inet_pton(AF_INET6, text.c_str(), &bytes) != 1 || IN6_IS_ADDR_V4MAPPED(&bytes)) return text;
    return {reinterpret_cast<const char*>(bytes.s6_addr), sizeof bytes.s6_addr / 2};
}

}  // namespace foliot

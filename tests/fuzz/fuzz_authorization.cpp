// The Authorization header: what is taken is what a token, name or password can be.
#include "base/json.hpp"
#include "require.hpp"
#include "service/authorization.hpp"
#include "service/passwords.hpp"

using namespace foliot;
using namespace foliot::service;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view header = fuzz::text_of(data, size);
    const auto parsed = parse_authorization(header);
    if (const auto* token = std::get_if<TokenSecret>(&parsed)) {
        REQUIRE(!token->text.empty() && header.find(token->text) != std::string_view::npos);
    }
    if (const auto* pair = std::get_if<NameAndPassword>(&parsed)) {
        REQUIRE(!pair->name.empty() && pair->name.find(':') == std::string::npos);
        REQUIRE(pair->password.size() <= kLongestPassword);
        for (const std::string& text : {pair->name, pair->password}) {
            REQUIRE(text.empty() || json::valid_text(text));
            REQUIRE(text.find_first_of(std::string_view("\0\r\n\t", 4)) == std::string::npos);
        }
    }
    return 0;
}

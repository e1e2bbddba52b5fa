// JSON: what is taken is the same after it was written again, slice by slice.
#include "base/json.hpp"
#include "require.hpp"

#include <string>

using namespace foliot;
using json::Kind;
using json::Value;

namespace {

bool same(const Value& a, const Value& b) {
    if (a.kind != b.kind || a.boolean != b.boolean || a.string != b.string) return false;
    if ((a.is(Kind::integer) || a.is(Kind::real)) && a.raw != b.raw) return false;
    if (a.items.size() != b.items.size() || a.members.size() != b.members.size()) return false;
    for (std::size_t i = 0; i < a.items.size(); ++i) {
        if (!same(a.items[i], b.items[i])) return false;
    }
    for (const auto& [name, value] : a.members) {
        const Value* other = b.find(name);
        if (other == nullptr || !same(value, *other)) return false;
    }
    return true;
}

void check_slices(const Value& value) {
    REQUIRE(same(json::parse(value.raw), value));
    if (value.is(Kind::string)) {
        REQUIRE(json::valid_text(value.string));
        for (const auto charset : {json::Charset::utf8, json::Charset::ascii}) {
            const std::string quoted = json::quote(value.string, charset);
            REQUIRE(json::parse(quoted).string == value.string);
        }
    }
    for (const Value& item : value.items) check_slices(item);
    for (const auto& member : value.members) check_slices(member.value);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(fuzz::text_of(data, std::min<std::size_t>(size, 4096)));
    try {
        const Value value = json::parse(text);
        check_slices(value);
        for (const int indent : {0, 4}) {
            const std::string sorted = json::sorted_ascii(value, indent);
            REQUIRE(same(json::parse(sorted), value));
        }
    } catch (const json::SyntaxError& error) {
        REQUIRE(*error.what() != '\0');
    }
    return 0;
}

#include "api/http/entity_tag.hpp"

#include "api/http/message.hpp"

#include <Poco/SHA1Engine.h>

namespace foliot::api {
namespace {

enum class Compared { strongly, weakly };

/// "*" stands for whatever there is.
bool has_tag(std::string_view list, Compared compared, const std::function<bool(std::string_view)>& wanted) {
    bool found = false;
    for_each_item(list, [&](std::string_view item) {
        if (compared == Compared::weakly && item.starts_with("W/")) item.remove_prefix(2);
        const bool quoted = item.size() >= 2 && item.front() == '"' && item.back() == '"';
        if (item == "*" || (quoted && wanted(item.substr(1, item.size() - 2)))) found = true;
    });
    return found;
}

}  // namespace

std::string tag_of(std::string_view text) {
    Poco::SHA1Engine hash;
    hash.update(text.data(), text.size());
    return Poco::DigestEngine::digestToHex(hash.digest());
}

Response tagged(const Request& request, std::string_view tag, Response response) {
    const auto same = [tag](std::string_view known) { return known == tag; };
    if (has_tag(request.header("if-none-match"), Compared::weakly, same)) {
        response.status = 304;
        response.body.clear();
    }
    response.headers.emplace_back("ETag", '"' + std::string(tag) + '"');
    return response;
}

bool forbids(std::string_view if_match, const std::function<bool(std::string_view)>& is_version) {
    return !if_match.empty() && !has_tag(if_match, Compared::strongly, is_version);
}

}  // namespace foliot::api

#include "api/http/router.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <stdexcept>

namespace foliot::api {

namespace {

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }
bool is_rest(std::string_view segment) { return segment.ends_with("...}"); }

/// Segments of a path; one trailing slash does not count.
std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    if (path.ends_with('/')) path.remove_suffix(1);
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::size_t end = std::min(path.find('/'), path.size());
        segments.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::vector<std::string> decode(const std::vector<std::string_view>& raw) {
    std::vector<std::string> segments;
    segments.reserve(raw.size());
    for (const std::string_view segment : raw) {
        std::optional<std::string> decoded = percent_decode(segment, false);
        if (!decoded) throw RequestError(Problem::malformed, "the path is not well-formed percent-encoded UTF-8");
        segments.push_back(std::move(*decoded));
    }
    return segments;
}

/// The last parameter takes what is left of the path, slashes too.
bool takes_rest(const std::vector<std::string>& shape, const std::vector<std::string>& path) {
    return !shape.empty() && is_rest(shape.back()) && path.size() > shape.size();
}

bool fits(const std::vector<std::string>& shape, const std::vector<std::string>& path) {
    if (shape.size() != path.size() && !takes_rest(shape, path)) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (is_parameter(shape[i]) ? path[i].empty() : shape[i] != path[i]) return false;
    }
    return true;
}

/// True when `shape` has a literal where `other`, which fits the same path, has a parameter, at the leftmost
/// difference.
bool more_literal(const std::vector<std::string>& shape, const std::vector<std::string>& other) {
    for (std::size_t i = 0; i < std::min(shape.size(), other.size()); ++i) {
        if (is_parameter(shape[i]) != is_parameter(other[i])) return is_parameter(other[i]);
    }
    return false;
}

bool same_shape(const std::vector<std::string>& one, const std::vector<std::string>& other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](const auto& a, const auto& b) { return is_parameter(a) ? is_parameter(b) : a == b; });
}

bool serves(const Route& route, std::string_view method) {
    return route.method == method || (method == "HEAD" && route.method == "GET");
}

/// A segment that steps through the tree means nothing here: an id may be called "..", a resource may not.
void refuse_dots(const std::vector<std::string>& path, const std::vector<std::string>* shape) {
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool dots = path[i] == "." || path[i] == "..";
        if (dots && (shape == nullptr || !is_parameter((*shape)[std::min(i, shape->size() - 1)]))) {
            throw RequestError(Problem::malformed, "the path has a segment '" + path[i] + "'");
        }
    }
}

std::map<std::string, std::string, std::less<>> parameters_in(const std::vector<std::string>& path,
                                                              const std::vector<std::string>& shape) {
    std::map<std::string, std::string, std::less<>> parameters;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (!is_parameter(shape[i])) continue;
        std::string value = path[i];
        if (is_rest(shape[i])) {
            for (std::size_t rest = i + 1; rest < path.size(); ++rest) value += "/" + path[rest];
        }
        parameters.emplace(parameter_name(shape[i]), std::move(value));
    }
    return parameters;
}

}  // namespace

std::string_view parameter_name(std::string_view segment) {
    segment = segment.substr(1, segment.size() - 2);
    if (segment.ends_with("...")) segment.remove_suffix(3);
    return segment;
}

Response Dialect::unauthenticated(std::string_view /*authorization*/) const {
    return error(RequestError(Problem::unauthenticated, "valid credentials are needed"));
}

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return {};
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    for (auto it = query.rbegin(); it != query.rend(); ++it) {
        if (it->first == name) return it->second;
    }
    return std::nullopt;
}

void Router::add(Route route) {
    if (!route.pattern.starts_with('/')) throw std::logic_error("route without leading slash: " + route.pattern);
    Shape shape;
    for (const std::string_view segment : split(route.pattern)) shape.emplace_back(segment);
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (routes_[i].method == route.method && same_shape(shapes_[i], shape)) {
            throw std::logic_error("route is taken: " + route.method + " " + route.pattern);
        }
    }
    routes_.push_back(std::move(route));
    shapes_.push_back(std::move(shape));
}

void Router::claim_prefix(std::string prefix, const Dialect& dialect) {
    if (prefix.ends_with('/')) prefix.pop_back();
    prefixes_.emplace_back(std::move(prefix), &dialect);
}

const Dialect& Router::dialect_of(std::string_view raw_path) const {
    const std::pair<std::string, const Dialect*>* best = nullptr;
    for (const auto& claim : prefixes_) {
        const std::string& prefix = claim.first;
        if (!raw_path.starts_with(prefix)) continue;
        if (raw_path.size() > prefix.size() && raw_path[prefix.size()] != '/') continue;
        if (best == nullptr || prefix.size() > best->first.size()) best = &claim;
    }
    return best == nullptr ? fallback_ : *best->second;
}

Match Router::match(std::string_view method, std::string_view raw_path) const {
    const std::vector<std::string> path = decode(split(raw_path));
    Match match;
    match.dialect = &dialect_of(raw_path);
    match.anonymous = true;
    const Shape* nearest = nullptr;  // of any method
    const Shape* chosen = nullptr;   // of the route
    const bool whole = std::any_of(shapes_.begin(), shapes_.end(),
                                   [&](const Shape& shape) { return fits(shape, path) && !takes_rest(shape, path); });
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        const Route& route = routes_[i];
        const Shape& shape = shapes_[i];
        if (!fits(shape, path) || (whole && takes_rest(shape, path))) continue;
        match.allowed.insert(route.method);
        match.anonymous = match.anonymous && route.access <= Access::guest;
        if (nearest == nullptr || more_literal(shape, *nearest)) {
            nearest = &shape;
            if (route.dialect != nullptr) match.dialect = route.dialect;
        }
        if (!serves(route, method)) continue;
        if (chosen != nullptr) {
            const bool own_method = route.method == method && match.route->method != method;  // HEAD before GET
            if (!more_literal(shape, *chosen) && (!own_method || more_literal(*chosen, shape))) continue;
        }
        match.route = &route;
        chosen = &shape;
    }
    refuse_dots(path, chosen == nullptr ? nearest : chosen);
    if (match.allowed.empty()) {
        match.anonymous = false;
        return match;
    }
    if (match.allowed.contains("GET")) match.allowed.insert("HEAD");
    match.allowed.insert("OPTIONS");
    if (match.route == nullptr || chosen == nullptr) return match;
    if (match.route->dialect != nullptr) match.dialect = match.route->dialect;
    match.parameters = parameters_in(path, *chosen);
    return match;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+' && plus_is_blank) {
            c = ' ';
        } else if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[i + 1]);
            const int low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0') return std::nullopt;
        decoded.push_back(c);
    }
    return utf8::is_valid(decoded) ? std::optional(std::move(decoded)) : std::nullopt;
}

}  // namespace foliot::api

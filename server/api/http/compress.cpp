#include "api/http/compress.hpp"

#include "api/http/message.hpp"

#include <Poco/DeflatingStream.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace foliot::api {

namespace {

constexpr int kFastest = 1;

/// Of "gzip;q=0.5"; 1 without a weight, 0 when it cannot be read.
double weight_of(std::string_view parameters) {
    const std::string text = lower(trim(parameters));
    if (text.empty()) return 1;
    if (!text.starts_with("q=")) return 0;
    double weight = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + 2, last, weight, std::chars_format::fixed);
    return error == std::errc{} && end == last && weight >= 0 && weight <= 1 ? weight : 0;
}

}  // namespace

bool wants_gzip(std::string_view accept_encoding) {
    std::optional<double> gzip, any;
    double plain = 0;
    for_each_item(accept_encoding, [&](std::string_view item) {
        const std::size_t semicolon = std::min(item.find(';'), item.size());
        const std::string coding = lower(trim(item.substr(0, semicolon)));
        const double weight = weight_of(item.substr(std::min(semicolon + 1, item.size())));
        if (coding == "gzip" || coding == "x-gzip") gzip = weight;
        if (coding == "identity") plain = weight;
        if (coding == "*") any = weight;
    });
    const double weight = gzip.value_or(any.value_or(0));
    return weight > 0 && weight >= plain;
}

std::optional<std::string> gzip(const std::string& text) {
    std::ostringstream out;
    Poco::DeflatingOutputStream stream(out, Poco::DeflatingStreamBuf::STREAM_GZIP, kFastest);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    std::string packed = std::move(out).str();
    if (!stream.good() || packed.size() >= text.size()) return std::nullopt;
    return packed;
}

}  // namespace foliot::api

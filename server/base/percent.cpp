#include "base/percent.hpp"

#include "base/ascii.hpp"

namespace foliot {

std::string percent_encode(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF", plain_marks = "-._~";
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
                           plain_marks.find(c) != std::string_view::npos;
        if (plain) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded.append({'%', hex[byte >> 4U], hex[byte & 15U]});
        }
    }
    return encoded;
}

}  // namespace foliot

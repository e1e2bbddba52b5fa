#include "api/ndscheduler/answers.hpp"

namespace foliot::api::ndscheduler {

std::string safe_in_html(std::string json) {
    if (json.find("</") == std::string::npos) return json;
    std::string safe;
    safe.reserve(json.size() + json.size() / 8);
    for (std::size_t i = 0; i < json.size(); ++i) {
        safe += json[i];
        if (json[i] == '<' && i + 1 < json.size() && json[i + 1] == '/') safe += '\\';
    }
    return safe;
}

}  // namespace foliot::api::ndscheduler

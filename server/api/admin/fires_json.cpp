#include "api/admin/fires_json.hpp"

#include "base/time_text.hpp"
#include "trigger/describe.hpp"

#include <algorithm>

namespace foliot::api::admin {

void write_fires(json::Writer& writer, const trigger::Trigger& trigger, const std::vector<Micros>& fires, Micros from) {
    constexpr Micros kYear = Micros{365} * 86'400 * kSecond;
    writer.key("fires").begin_array();
    for (const Micros at : fires) writer.value(std::string_view(iso_time(at, trigger::shown_offset(trigger, at))));
    writer.end_array().field("description", trigger::describe(trigger));
    const Micros until = std::max(from + kYear, fires.empty() ? from : fires.back());
    writer.key("warnings").begin_array();
    for (const std::string& text : trigger::warnings(trigger, from, until)) writer.value(std::string_view(text));
    writer.end_array();
}

std::vector<Schema::Property> fires_properties() {
    return {{"fires", Schema::list(Schema::instant())},
            {"description", Schema::text().described("the trigger in words")},
            {"warnings", Schema::list(Schema::text()).described("what changes of the clock do to it")}};
}

}  // namespace foliot::api::admin

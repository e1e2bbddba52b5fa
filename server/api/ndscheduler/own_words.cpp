#include "api/ndscheduler/own_words.hpp"

#include <array>
#include <string>

namespace foliot::api::ndscheduler {
namespace {

struct Renamed {
    std::string_view ours, theirs;
};
constexpr std::array<Renamed, 3> kRenamed{{{"func", "job_class_string"}, {"args", "pub_args"}, {"id", "job_id"}}};

}  // namespace

RequestError in_own_words(const RequestError& error, std::string_view job_id) {
    if (error.problem() == Problem::not_found)
        return {Problem::not_found, "Job not found: " + std::string(job_id), error.field()};
    for (const Renamed& field : kRenamed) {
        const std::string begin = "field '" + std::string(field.ours) + "'";
        const std::string text = error.what();
        if (error.field() == field.ours && text.starts_with(begin))
            return {error.problem(), "field '" + std::string(field.theirs) + "'" + text.substr(begin.size()),
                    std::string(field.theirs)};
    }
    return error;
}

}  // namespace foliot::api::ndscheduler

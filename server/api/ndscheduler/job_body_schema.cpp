#include "api/apscheduler/job_fields.hpp"
#include "api/apscheduler/trigger_fields.hpp"
#include "api/apscheduler/values.hpp"
#include "api/ndscheduler/cron_fields.hpp"
#include "api/ndscheduler/job_body.hpp"

#include <algorithm>

namespace foliot::api::ndscheduler {
namespace {

bool is_shown(std::string_view name) {
    return std::any_of(kShownFields.begin(), kShownFields.end(),
                       [name](trigger::Field field) { return trigger::field_name(field) == name; });
}

Schema arguments() { return apscheduler::job_fields().at("args").schema; }
Schema named_arguments() { return apscheduler::job_fields().at("kwargs").schema; }

/// The fields of both dialects, in the words of this one.
std::vector<Schema::Property> common_fields() {
    std::vector<Schema::Property> properties;
    const Schema expression = Schema::either({Schema::text(), Schema::whole(0), Schema::null()});
    for (Schema::Property& property : apscheduler::trigger_properties()) {
        if (is_shown(property.name)) property.schema = expression;
        properties.push_back(std::move(property));
    }
    for (const auto& [name, field] : apscheduler::job_fields()) {
        if (name == "executor" || name == "jobstore" || name == "args" || name == "kwargs") continue;
        const std::string own(name == "func" ? "job_class_string" : name);
        properties.push_back({own, field.schema, name == "func" || name == "name"});
        if (name == "next_run_time")
            properties.back().schema = Schema::either({field.schema, Schema::text(0, 0)}).described("empty: as it is");
    }
    const Schema trigger = Schema::either({apscheduler::trigger_type_schema(), Schema::free_object()});
    properties.push_back({"trigger", trigger.described("its type, or an object with its type and its fields"), false});
    return properties;
}

}  // namespace

Schema new_job_schema() {
    std::vector<Schema::Property> properties = common_fields();
    properties.push_back({"job_id", Schema::bytes(1, service::kMaxId).described("one is made unless given"), false});
    properties.push_back({"pub_args", arguments().or_null(), false});
    properties.push_back({"kwargs", named_arguments().or_null(), false});
    return Schema::object(properties)
        .with_examples(
            {R"({"job_class_string":"sample.hello","name":"Greet","pub_args":["you"],"month":"*","day":"*","day_of_week":"mon-fri","hour":"9-17","minute":"*/15"})",
             R"({"job_id":"sweep","job_class_string":"sample:hello","name":"Sweep","trigger":{"type":"interval","hours":1},"kwargs":{"name":"Ann"},"timeout":30,"max_retries":3,"limits":{"memory":268435456,"cpu":10,"nice":5},"tags":["night"]})"})
        .named("ndscheduler-new-job");
}

Schema job_edit_schema() {
    std::vector<Schema::Property> properties = common_fields();
    properties.push_back({"job_id", Schema::text().described("that of the path"), false});
    properties.push_back({"state", Schema::text().described("as it is shown; changes nothing"), false});
    properties.push_back({"pub_args", arguments(), false});
    properties.push_back({"kwargs", named_arguments(), false});
    return Schema::object(properties)
        .with_examples(
            {R"({"job_class_string":"sample.hello","name":"Greet","pub_args":["you"],"month":"*","day":"*","day_of_week":"mon-fri","hour":"9-17","minute":"*/10"})",
             R"({"job_id":"cleanup","job_class_string":"sample.hello","name":"Greet","trigger":{"type":"cron","hour":"4","timezone":"Europe/Berlin"},"priority":7,"state":"active"})"})
        .named("ndscheduler-job-edit");
}

Schema run_schema(bool id_in_path) {
    return Schema::object({{"job_id", Schema::text(), !id_in_path},
                           {"pub_args", arguments().described("instead of the job's, of this run"), false},
                           {"kwargs", named_arguments().described("likewise"), false}})
        .with_example(R"({"job_id":"cleanup","pub_args":["/tmp"],"kwargs":{"days":7}})");
}

}  // namespace foliot::api::ndscheduler

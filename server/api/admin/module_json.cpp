#include "api/admin/module_json.hpp"

#include "api/apscheduler/limit_fields.hpp"
#include "base/time_text.hpp"

namespace foliot::api::admin {
namespace {

double seconds(Micros length) { return static_cast<double>(length) / kSecond; }

std::optional<double> seconds(const std::optional<Micros>& length) {
    return length ? std::optional(seconds(*length)) : std::nullopt;
}

void write_argument(json::Writer& writer, const module::Param& param) {
    writer.begin_object().field("name", param.name).field("type", param.type);
    writer.field("description", param.help).field("required", param.required);
    if (!param.otherwise.empty()) writer.raw_field("default", param.otherwise);
    if (param.minimum) writer.field("minimum", *param.minimum);
    if (param.maximum) writer.field("maximum", *param.maximum);
    if (param.secret) writer.field("secret", true);
    writer.end_object();
}

void write_broken(json::Writer& writer, const std::optional<engine::Breaker::Tripped>& broken) {
    writer.key("broken");
    if (!broken) {
        writer.null();
        return;
    }
    writer.begin_object().field("since", iso_time(broken->since)).field("crashes", broken->crashes);
    writer.field("reason", broken->why).end_object();
}

Schema broken_schema() {
    const Schema text = Schema::text();
    return Schema::object({{"since", text},
                           {"crashes", Schema::number().described("in a row")},
                           {"reason", text.described("of the last one, as in an execution")}})
        .or_null()
        .described("not null: it crashed too often and is not run until it is resumed");
}

Schema argument_schema() {
    const Schema text = Schema::text();
    return Schema::object({{"name", text},
                           {"type", Schema::word({"boolean", "integer", "number", "string", "array", "object", "any"})},
                           {"description", text},
                           {"required", Schema::boolean()},
                           {"default", Schema::any().described("what counts when it is not given"), false},
                           {"minimum", Schema::number(), false},
                           {"maximum", Schema::number(), false},
                           {"secret", Schema::boolean().described("its value is not shown"), false}});
}

}  // namespace

void write_function(json::Writer& writer, const service::Modules& modules, const module::Module& module,
                    const module::Function& function) {
    const FuncRef func{module.name, function.name};
    writer.begin_object().field("func", func.text()).field("job_class_string", func.dotted());
    writer.field("module", module.name).field("version", module.version).field("name", function.name);
    writer.field("title", function.title).field("notes", function.help);
    writer.key("arguments").begin_array();
    for (const module::Param& param : function.params) write_argument(writer, param);
    writer.end_array();
    writer.field("takes_anything", function.pass_through);
    writer.field("example_arguments", service::example_of(function));
    writer.key("max_retries");
    function.retry.max_retries ? writer.value(*function.retry.max_retries) : writer.null();
    writer.field("retry_delay", seconds(function.retry.delay)).field("retry_backoff", function.retry.factor);
    writer.field("retry_max_delay", seconds(function.retry.max_delay)).field("timeout", seconds(function.timeout));
    write_broken(writer, modules.broken(func));
    const LimitsInForce limits{.configured = modules.limits(), .declared = function.limits};
    apscheduler::write_limits(writer.key("limits"), limits.values());
    writer.end_object();
}

Schema function_schema() {
    const Schema text = Schema::text();
    const Schema wish = Schema::number().or_null();
    return Schema::object({{"func", text},
                           {"job_class_string", text},
                           {"module", text},
                           {"version", text},
                           {"name", text},
                           {"title", text},
                           {"notes", text},
                           {"arguments", Schema::list(argument_schema())},
                           {"takes_anything", Schema::boolean().described("its arguments are not described")},
                           {"example_arguments", text.described("JSON: a list, or an object by name")},
                           {"max_retries", wish.described("null: the server's default, as below")},
                           {"retry_delay", wish.described("seconds")},
                           {"retry_backoff", wish},
                           {"retry_max_delay", wish.described("seconds")},
                           {"timeout", wish.described("seconds")},
                           {"broken", broken_schema()},
                           {"limits", apscheduler::shown_limits_schema().described(
                                          "of a job that has none of its own; what is not there has no limit")}})
        .named("function");
}

void write_module(json::Writer& writer, const service::Modules& modules, const module::Module& module,
                  Functions functions) {
    writer.begin_object().field("name", module.name).field("version", module.version);
    writer.field("status", module::status_name(module.status));
    writer.field("problem", module.problem.empty() ? std::nullopt : std::optional(module.problem));
    writer.field("path", module.path).field("privileged", modules.is_privileged(module.name));
    const module::Module& shown = module.last_good ? *module.last_good : module;
    writer.field("last_good_version", module.last_good ? std::optional(shown.version) : std::nullopt);
    writer.key("broken").begin_array();
    for (const module::Function& function : shown.functions) {
        if (modules.broken({module.name, function.name})) writer.value(function.name);
    }
    writer.end_array();
    writer.key("functions").begin_array();
    for (const module::Function& function : shown.functions) {
        if (functions == Functions::names) {
            writer.value(function.name);
        } else {
            write_function(writer, modules, shown, function);
        }
    }
    writer.end_array().end_object();
}

Schema module_schema(Functions functions) {
    const Schema text = Schema::text();
    const bool names = functions == Functions::names;
    return Schema::object({{"name", text},
                           {"version", text},
                           {"status", text.described("ok, or why it cannot be used")},
                           {"problem", text.or_null().described("what is wrong, and what to do")},
                           {"path", text},
                           {"privileged", Schema::boolean().described("its jobs are for Admins to save and edit")},
                           {"last_good_version",
                            text.or_null().described("while it cannot be used: what its functions are shown of")},
                           {"broken", Schema::list(text).described("functions that crashed too often to be run")},
                           {"functions", Schema::list(names ? text : function_schema())}})
        .named(names ? "module-line" : "module");
}

}  // namespace foliot::api::admin

// `foliot module describe`: what a server would know about a module file.
#include "base/json.hpp"
#include "cli/module_commands.hpp"
#include "cli/module_file.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

namespace foliot::cli {
namespace {

using module::Function;
using module::Module;
using module::Param;

std::optional<double> seconds(const std::optional<Micros>& length) {
    return length ? std::optional(static_cast<double>(*length) / kSecond) : std::nullopt;
}

/// With the words of GET /api/v1/functions.
void write_function(json::Writer& out, const Function& function) {
    out.begin_object().field("name", function.name).field("title", function.title).field("notes", function.help);
    out.key("arguments").begin_array();
    for (const Param& param : function.params) {
        out.begin_object().field("name", param.name).field("type", param.type).field("description", param.help);
        out.field("required", param.required);
        if (!param.otherwise.empty()) out.raw_field("default", param.otherwise);
        if (param.minimum) out.field("minimum", *param.minimum);
        if (param.maximum) out.field("maximum", *param.maximum);
        if (param.secret) out.field("secret", true);
        out.end_object();
    }
    out.end_array().field("takes_anything", function.pass_through);
    out.key("max_retries");
    function.retry.max_retries ? out.value(*function.retry.max_retries) : out.null();
    out.field("retry_delay", seconds(function.retry.delay)).field("retry_backoff", function.retry.factor);
    out.field("retry_max_delay", seconds(function.retry.max_delay)).field("timeout", seconds(function.timeout));
    out.end_object();
}

std::string as_json(const Module& module, const module::ElfNote& note) {
    json::Writer out;
    out.begin_object().field("name", module.name).field("version", module.version).field("path", module.path);
    out.key("abi").begin_array().value(int{note.major}).value(int{note.minor}).end_array();
    out.field("build_id", module.build_id).field("status", module::status_name(module.status));
    out.field("problem", module.problem.empty() ? std::nullopt : std::optional(module.problem));
    out.key("functions").begin_array();
    for (const Function& function : module.functions) write_function(out, function);
    out.end_array().end_object();
    return out.take() + "\n";
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

/// A bound as its author wrote it: without a fraction that is none.
std::string bound_text(double bound) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.15g", bound);
    return text.data();
}

std::string words_of(const Param& param) {
    std::string text = param.required ? "required" : "optional";
    if (!param.otherwise.empty()) text += ", default " + param.otherwise;
    if (param.minimum) text += ", at least " + bound_text(*param.minimum);
    if (param.maximum) text += ", at most " + bound_text(*param.maximum);
    if (param.secret) text += ", secret";
    return text + (param.help.empty() ? "" : "; " + param.help);
}

std::string as_table(const Function& function) {
    std::string text = "\n" + function.name;
    if (!function.title.empty()) text += "  " + function.title;
    text += "\n";
    if (!function.help.empty()) text += "  " + function.help + "\n";
    if (function.pass_through) text += "  takes any arguments\n";
    std::size_t name_width = 0;
    for (const Param& param : function.params) name_width = std::max(name_width, param.name.size());
    constexpr std::size_t kTypeWidth = 7;
    for (const Param& param : function.params)
        text += "  " + padded(param.name, name_width) + "  " + padded(param.type, kTypeWidth) + "  " + words_of(param) +
                "\n";
    return text;
}

std::string as_table(const Module& module, const module::ElfNote& note) {
    std::string text = module.name + " " + module.version + ", module interface " + std::to_string(note.major) + "." +
                       std::to_string(note.minor) + ", build " +
                       (module.build_id.empty() ? "unknown" : module.build_id) + "\n" + module.path + "\n";
    if (module.status != module::Status::ok)
        text += std::string(module::status_name(module.status)) + ": " + module.problem + "\n";
    for (const Function& function : module.functions) text += as_table(function);
    return text;
}

int run(const Options& options) {
    const auto module = examine(options.word(0));
    const module::OpenedFile opened = open_module(options.word(0));
    const module::ElfNote note = module::read_elf(opened.fd.get(), opened.stat.size).note.value_or(module::ElfNote{});
    std::cout << (options.has("json") ? as_json(*module, note) : as_table(*module, note)) << std::flush;
    return module->status == module::Status::ok ? kOk : kFailed;
}

}  // namespace

Command module_describe() {
    return {.name = "module describe",
            .words = {"FILE.so"},
            .summary = "tell what a server would know about a module",
            .options = {{"json", "", "as one JSON object, with the words of GET /api/v1/functions"}},
            .details =
                "Ends with 0 when a server could use the module, with 1 when it could not, with 3 when the\n"
                "file is no module at all.\n",
            .run = &run};
}

}  // namespace foliot::cli

#include "cli/job_arguments.hpp"

#include "base/fd.hpp"
#include "cli/assignment.hpp"
#include "cli/standard_input.hpp"

#include <algorithm>
#include <set>

namespace foliot::cli {
namespace {

using json::Kind;
using json::Value;

/// "-": standard input; "@FILE": what stands in it; else the text itself. So a secret need not be on a command line.
std::string given_text(const std::string& option, const std::string& text) {
    if (text == "-") return standard_input(option);
    if (!text.starts_with('@')) return text;
    const std::string file = text.substr(1);
    try {
        return read_file(file);
    } catch (const std::system_error& error) {
        throw CommandError("option " + option + ": file '" + file + "': " + error.code().message());
    }
}

std::string json_option(const Options& options, const std::string& name, Kind kind) {
    if (!options.has(name)) return {};
    std::string text = given_text("--" + name, options.text(name));
    try {
        if (json::parse(text).is(kind)) return text;
    } catch (const json::SyntaxError& error) {
        throw UsageError("option --" + name + " is no JSON: " + error.what());
    }
    throw UsageError("option --" + name + " is no JSON " + std::string(json::kind_name(kind)));
}

const Value* find_argument(const Value& function, const std::string& name) {
    const auto& all = items_at(function, "arguments");
    const auto found = std::ranges::find_if(all, [&](const Value& one) { return text_at(one, "name") == name; });
    return found == all.end() ? nullptr : &*found;
}

std::string names_of(const Value& function) {
    std::string names;
    for (const Value& one : items_at(function, "arguments"))
        names += (names.empty() ? "" : ", ") + text_at(one, "name");
    return names.empty() ? "none" : names;
}

/// "name=value" into a member.
void take_one(const std::string& given, const Value& function, std::set<std::string>& names, json::Writer& out) {
    const auto [name, text] = assignment_of("--arg", "NAME=VALUE", given);
    const Value* argument = find_argument(function, name);
    if (argument == nullptr && text_at(function, "takes_anything") != "true")
        throw UsageError(text_at(function, "func") + " has no argument '" + name + "'; it has: " + names_of(function));
    if (!names.insert(name).second) throw UsageError("argument '" + name + "' is given twice");
    const bool is_text = argument != nullptr && text_at(*argument, "type") == "string";
    out.raw_field(name, is_text ? json::quote(text) : json_of(text));  // the server says what does not fit
}

}  // namespace

std::vector<OptionSpec> with_argument_options(std::vector<OptionSpec> own) {
    own.insert(own.end(), {{"args", "JSON", "its arguments in order, a list (@FILE, -: from there)"},
                           {"kwargs", "JSON", "its arguments by name, an object (@FILE, -: from there)"},
                           {"arg", "NAME=VALUE", "one argument by name; may be given again", true}});
    return own;
}

bool has_arguments(const Options& options) {
    return options.has("args") || options.has("kwargs") || options.has("arg");
}

Arguments arguments_of(const Server& server, const Options& options, const std::string& func) {
    if (options.has("arg") && options.has("kwargs"))
        throw UsageError("--arg and --kwargs say the same: give one of them");
    Arguments arguments{json_option(options, "args", Kind::array), json_option(options, "kwargs", Kind::object)};
    if (!options.has("arg")) return arguments;
    const Document function = server.get(path_of("/api/v1/functions/{}", func));
    std::set<std::string> names;
    json::Writer out;
    out.begin_object();
    for (const std::string& given : options.texts("arg")) take_one(given, function.value(), names, out);
    arguments.kwargs = out.end_object().take();
    return arguments;
}

void write_arguments(json::Writer& body, const Arguments& arguments) {
    if (arguments.args.empty() && arguments.kwargs.empty()) return;
    body.raw_field("pub_args", arguments.args.empty() ? "[]" : arguments.args);
    body.raw_field("kwargs", arguments.kwargs.empty() ? "{}" : arguments.kwargs);
}

}  // namespace foliot::cli

#include "describe.hpp"

#include "base/json.hpp"
#include "process/frames.hpp"

#include <cstring>

namespace foliot::worker {
namespace {

std::string_view checked_text(const char* text, const std::string& where) {
    if (!json::valid_text(text)) throw ModuleError(kBadDescriptor, where + " is no UTF-8");
    return text;
}

std::string_view checked_meta(const char* meta, const std::string& where) {
    if (meta == nullptr) return "{}";
    if (std::strlen(meta) > process::kMaxResult)
        throw ModuleError(kBadDescriptor, "metadata of " + where + " is too long");
    try {
        if (!json::parse(meta).is(json::Kind::object)) throw json::SyntaxError("it is no object");
    } catch (const json::SyntaxError& e) {
        throw ModuleError(kBadDescriptor, "metadata of " + where + " is no JSON object: " + e.what());
    }
    return meta;
}

}  // namespace

std::string describe(const ModuleLibrary& library) {
    const foliot_module& module = library.descriptor();
    json::Writer out;
    out.begin_object();
    out.field("name", checked_text(module.name, "the module's name"));
    out.field("version", checked_text(module.version, "the module's version"));
    out.key("abi").begin_array().value(int{module.abi_major}).value(int{module.abi_minor}).end_array();
    out.field("build_id", std::string_view(library.build_id()));
    out.raw_field("meta", checked_meta(module.meta_json, "the module"));
    out.key("functions").begin_array();
    for (std::size_t i = 0; i < module.job_count; ++i) {
        const std::string where = "function " + std::to_string(i);
        out.begin_object();
        out.field("name", checked_text(module.jobs[i]->name, "the name of " + where));
        out.field("index", static_cast<std::int64_t>(i));
        out.raw_field("meta", checked_meta(module.jobs[i]->meta_json, where));
        out.end_object();
    }
    out.end_array();
    out.end_object();
    if (out.text().size() > process::kMaxResult) throw ModuleError(kBadDescriptor, "the module's metadata is too long");
    return out.take();
}

}  // namespace foliot::worker

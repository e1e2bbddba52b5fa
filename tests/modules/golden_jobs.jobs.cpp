// The jobs that recorded clients of an older scheduler name, with the results that were recorded.
#include <foliot/job.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Sleep {
    double seconds = 5;
    static constexpr auto schema() { return foliot::fields(foliot::field("seconds", &Sleep::seconds).optional()); }
};
struct Desc {
    bool fail = false;
    static constexpr auto schema() { return foliot::fields(foliot::field("fail", &Desc::fail).optional()); }
};

foliot::Object ok(foliot::Context&, const foliot::Arguments& args) {
    foliot::Object named;
    for (const auto& [name, value] : args.named()) named.set(name, value);
    return foliot::Object{}
        .set("b", 1)
        .set("a", foliot::RawJson{R"([1,{"z":null}])"})
        .set("args", args.positional())
        .set("kwargs", named);
}
void none(foliot::Context&, const foliot::Arguments&) {}
void fail(foliot::Context&, const foliot::Arguments&) { throw std::runtime_error("boom from FailJob"); }
std::string slow(foliot::Context& context, const Sleep& args) {
    context.sleep_for(std::chrono::duration<double>(args.seconds));
    std::string text = foliot::Json::of(args.seconds);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return "slept " + text;
}
foliot::RawJson desc(foliot::Context&, const Desc& args) {
    if (args.fail) throw std::runtime_error("custom failed result");
    return {"[1,\"\u00e9\"]"};
}
void exit_job(foliot::Context&, const foliot::Arguments&) { std::_Exit(3); }
void no_run(foliot::Context&, const foliot::Arguments&) { throw std::runtime_error("Please implement this function"); }
foliot::RawJson not_json(foliot::Context&, const foliot::Arguments&) { return {"<object object>"}; }

/// Returns its argument; an object with an error, or with a return code above zero, is a failure with that result.
foliot::RawJson result(foliot::Context&, const foliot::Arguments& args) {
    if (args.positional().empty()) return {"null"};
    const foliot::Value& given = args.positional().front();
    const foliot::RawJson json{foliot::Json::of(given)};
    using foliot::Kind;
    if (given.kind() != Kind::map) return json;
    for (const auto& [name, value] : given.as_map()) {
        const bool nothing = value.is_null() || (value.kind() == Kind::string && value.as_string().empty());
        const bool error = name == "error" && !nothing;
        const bool code = name == "returncode" && value.kind() == Kind::integer && value.as_int() > 0;
        if (error || code) throw foliot::Failure("it returned an error", json);
    }
    return json;
}

}  // namespace

FOLIOT_MODULE("golden_jobs.jobs", "1.0.0", module) {
    module.job<ok>("OkJob", {.help = "returns its arguments", .example = R"(["a", 1])"});
    module.job<none>("NoneJob");
    module.job<fail>("FailJob");
    module.job<slow>("SlowJob");
    module.job<desc>("DescJob");
    module.job<exit_job>("ExitJob");
    module.job<no_run>("NoRunJob");
    module.job<not_json>("NotJsonJob");
    module.job<result>("ResultJob");
}

// The jobs that recorded clients of an older scheduler name, with the results that were recorded.
#include <foliot/job.hpp>

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

}  // namespace

FOLIOT_MODULE("golden_jobs.jobs", "1.0.0", module) {
    module.job<ok>("OkJob", {.help = "returns its arguments"});
    module.job<none>("NoneJob");
    module.job<fail>("FailJob");
    module.job<slow>("SlowJob");
    module.job<desc>("DescJob");
}

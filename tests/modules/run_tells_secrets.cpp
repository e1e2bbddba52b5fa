// Says what it should keep to itself, in every way that a job can say something.
#include <foliot/job.hpp>

#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>

namespace {

struct Args {
    std::string token;
    std::optional<std::map<std::string, std::string>> headers;
    std::string wait_for;  ///< a file; "": nothing
    bool fail = false;

    static constexpr auto schema() {
        using foliot::field;
        return foliot::fields(field("token", &Args::token).secret(), field("headers", &Args::headers).secret(),
                              field("wait_for", &Args::wait_for).optional(), field("fail", &Args::fail).optional());
    }
};

foliot::Object run(foliot::Context& context, const Args& args) {
    const std::size_t half = args.token.size() / 2;
    std::cout << "out " << args.token.substr(0, half) << std::flush;
    context.info("half of it is out");
    context.checkpoint();
    std::cout << args.token.substr(half) << " out\n" << std::flush;
    std::cerr << "err " << foliot::Json::of(args.token) << " err\n" << std::flush;
    foliot::Object all;
    all.set("token", args.token).set("within", "<" + args.token + ">");
    if (args.headers) {
        for (const auto& [name, value] : *args.headers) all.set(name, value);
    }
    context.info("log " + args.token, all);
    context.progress(0.5, "note " + args.token);
    while (!args.wait_for.empty() && !std::filesystem::exists(args.wait_for)) {
        context.sleep_for(std::chrono::milliseconds(10));
    }
    if (args.fail) throw std::runtime_error("cannot use " + args.token);
    return all;
}

}  // namespace

FOLIOT_MODULE("run_tells_secrets", "1.0.0", module) { module.job<run>("run"); }

#include "@NAME@.hpp"

foliot::Object greet(foliot::Context& context, const GreetArgs& args) {
    for (int i = 0; i < args.times; ++i) {
        context.checkpoint();  // ends the run here when it is cancelled
        context.info("hello, " + args.name);
        context.progress(static_cast<double>(i + 1) / args.times, "greeting");
    }
    return foliot::Object{}.set("greeted", args.name).set("times", args.times);
}

// Name and version are those of CMakeLists.txt.
FOLIOT_MODULE(FOLIOT_MODULE_NAME, FOLIOT_MODULE_VERSION, module) {
    module.job<greet>("greet", {.title = "Greet", .help = "Greets somebody, several times if need be"});
}

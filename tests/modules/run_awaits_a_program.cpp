// Waits for a program that tidies up for a while when it gets SIGTERM, whatever it is asked meanwhile; then fails. The
// program writes "ready", later "tidy" to the file it is given.
#include <foliot/job.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>

struct Args {
    std::string path;
    static constexpr auto schema() { return foliot::fields(foliot::field("path", &Args::path)); }
};

static void run(foliot::Context&, const Args& args) {
    const std::string program = "trap '/bin/sleep 0.1; echo tidy >" + args.path + "; exit 3' TERM; echo ready >" +
                                args.path + "; while :; do /bin/sleep 0.02; done";
    const int status = std::system(program.c_str());  // NOLINT(cert-env33-c,concurrency-mt-unsafe): a shell is wanted
    throw std::runtime_error("the program ended with " + std::to_string(status));
}

FOLIOT_MODULE("run_awaits_a_program", "1.0.0", module) { module.job<run>("run"); }

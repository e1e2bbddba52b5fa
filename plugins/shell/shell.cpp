// shell:run starts a program. Its output is the run's, a status that was not expected is a failure.
#include "child.hpp"

#include <foliot/job.hpp>

#include <string.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::chrono_literals;

/// How long a cancelled program has to end by itself. Shorter than what the server gives the worker.
constexpr auto kGrace = 2s;

/// 2026-03-29T01:30:00.000000Z
std::string iso8601(foliot::Time time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t seconds = whole.time_since_epoch().count();
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char date[32];
    char text[48];
    if (std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc) == 0) return {};
    std::snprintf(text, sizeof text, "%s.%06dZ", date, static_cast<int>((time - whole).count()));
    return text;
}

void refuse_nul(const std::string& text, const std::string& argument) {
    if (text.find('\0') != std::string::npos)
        throw foliot::BadArguments("argument '" + argument + "' holds a NUL character");
}

std::vector<std::string> read_argv(const foliot::Arguments& args) {
    std::vector<std::string> argv;
    for (const foliot::Value& value : args.positional()) {
        const std::string name = std::to_string(argv.size() + 1);
        argv.push_back(value.to<std::string>(name));
        refuse_nul(argv.back(), name);
    }
    if (argv.empty() || argv.front().empty()) throw foliot::BadArguments("argument '1', the program, is missing");
    return argv;
}

/// The worker's own environment is the base; what only concerns the worker is left out.
std::map<std::string, std::string> base_environment() {
    std::map<std::string, std::string> env{{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}};
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view pair = *entry;
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos)
            env.insert_or_assign(std::string(pair.substr(0, equals)), pair.substr(equals + 1));
    }
    env.erase("LD_BIND_NOW");
    return env;
}

std::map<std::string, std::string> environment(const foliot::Context& context, const foliot::Arguments& args) {
    std::map<std::string, std::string> env = base_environment();
    env["FOLIOT_JOB_ID"] = context.job_id();
    env["FOLIOT_EXECUTION_ID"] = context.execution_id();
    env["FOLIOT_ATTEMPT"] = std::to_string(context.attempt());
    if (const auto time = context.scheduled_time()) env["FOLIOT_SCHEDULED_TIME"] = iso8601(*time);
    for (const auto& [name, value] :
         args.get<std::map<std::string, std::string>>("env").value_or(std::map<std::string, std::string>{})) {
        if (name.empty() || name.find('=') != std::string::npos)
            throw foliot::BadArguments("argument 'env': '" + name + "' is no name of a variable");
        refuse_nul(name + value, "env");
        env[name] = value;
    }
    return env;
}

shell::Command read_command(const foliot::Context& context, const foliot::Arguments& args) {
    shell::Command command;
    command.argv = read_argv(args);
    command.env = environment(context, args);
    if (const auto cwd = args.get<std::string>("cwd")) {
        refuse_nul(*cwd, "cwd");
        command.cwd = *cwd;
        std::error_code ignored;
        if (!std::filesystem::is_directory(command.cwd, ignored))
            throw std::runtime_error("cwd '" + *cwd + "' is not a folder");
    } else {
        command.cwd = context.work_dir();
    }
    return command;
}

std::string describe(int return_code) {
    if (return_code >= 0) return "exit status " + std::to_string(return_code);
    const char* name = ::sigabbrev_np(-return_code);
    return "killed by " + (name == nullptr ? "signal " + std::to_string(-return_code) : "SIG" + std::string(name));
}

foliot::Object run(foliot::Context& context, const foliot::Arguments& args) {
    args.allow_only({"env", "cwd", "ok_codes"});
    const auto ok_codes = args.get<std::vector<int>>("ok_codes").value_or(std::vector<int>{0});
    const shell::Command command = read_command(context, args);
    context.checkpoint();
    std::fflush(nullptr);  // what was printed before comes before the child's output

    shell::Child child(command);
    if (!child.wait(context.cancel_fd())) {
        child.terminate(kGrace);
        throw foliot::Cancelled();
    }
    foliot::Object result = foliot::Object{}.set("returncode", child.return_code());
    if (std::find(ok_codes.begin(), ok_codes.end(), child.return_code()) == ok_codes.end()) {
        throw foliot::Failure(describe(child.return_code()), result);
    }
    return result;
}

}  // namespace

FOLIOT_MODULE("shell", FOLIOT_MODULE_VERSION, module) {
    module.job<run>(
        "run",
        {.title = "Run a program",
         .help =
             "The positional arguments are the program and its arguments; no shell reads them. Named: env (an object, "
             "added to the environment), cwd (a folder; by default an empty one that is removed after the run), "
             "ok_codes (a "
             "list of exit statuses that are a success, by default [0]).",
         .example = R"(["/usr/bin/printf", "%s\n", "a line"])"});
}

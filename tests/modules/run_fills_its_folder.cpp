// Makes files in a folder within its work folder, then aborts or says where they are.
#include <foliot/job.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

struct Args {
    int files = 1;
    bool abort = false;
    static constexpr auto schema() {
        return foliot::fields(foliot::field("files", &Args::files).at_least(0).optional(),
                              foliot::field("abort", &Args::abort).optional());
    }
};

static std::string run(foliot::Context& context, const Args& args) {
    const std::filesystem::path folder = context.work_dir() / "within";
    std::filesystem::create_directory(folder);
    for (int i = 0; i < args.files; ++i) std::ofstream(folder / std::to_string(i)) << i;
    if (args.abort) std::abort();
    return folder.string();
}

FOLIOT_MODULE("run_fills_its_folder", "1.0.0", module) { module.job<run>("run"); }

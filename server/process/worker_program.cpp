#include "process/worker_program.hpp"

#include <unistd.h>

namespace foliot::process {
namespace fs = std::filesystem;

fs::path own_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

fs::path worker_program(const fs::path& folder) {
    const fs::path beside = folder / "foliot-worker";
    std::error_code none;
    const bool runs = fs::is_regular_file(beside, none) && ::access(beside.c_str(), X_OK) == 0;
    return runs ? beside : (folder / FOLIOT_WORKER_PATH).lexically_normal();
}

}  // namespace foliot::process

// The server of this machine, as far as its files tell.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace foliot::cli {

struct LocalServer {
    std::filesystem::path data_dir;
    std::string url;        ///< "": there is no address, or it may not be read
    std::string problem;    ///< why there is none
    bool is_stale = false;  ///< there is one, of a server that is no more: whoever listens there is another
    std::string token;      ///< of its first administrator; "": not there, or not to be read
    std::filesystem::path token_file() const { return data_dir / "admin.token"; }
};

/// The `data_dir` of a configuration file of foliotd's and the drop-ins beside it (FILE.d/*.properties, in the order of
/// their names; the last one wins). Nothing: none of them has it, or they may not be read.
std::optional<std::filesystem::path> configured_data_dir(const std::filesystem::path& file);

/// Of the server with that data folder; empty: that of the packages (/etc/foliot/foliotd.properties, else
/// /var/lib/foliot).
LocalServer local_server(const std::string& data_dir);

}  // namespace foliot::cli

// The catalogue: which modules there are, what their functions take, and how "module:function" resolves.
// The server never loads a module: a child describes it, and what it answers is treated as hostile.
#pragma once

#include "base/fd.hpp"
#include "domain/job.hpp"
#include "process/privileges.hpp"
#include "store/store.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::module {

enum class Status {
    ok,
    not_a_module,
    abi_too_new,
    abi_too_old,
    insecure,
    load_error,
    crashed,
    timed_out,
    invalid_metadata,
    shadowed,
    changed_while_probing,
    incomplete,   ///< it ends before what its headers say: being copied, or the copy broke off
    overwritten,  ///< in place, while it was in use; until it is looked at again
    gone,         ///< its file is not there any more
};
std::string_view status_name(Status status);
inline constexpr std::array<Status, 14> kStatuses{Status::ok,
                                                  Status::not_a_module,
                                                  Status::abi_too_new,
                                                  Status::abi_too_old,
                                                  Status::insecure,
                                                  Status::load_error,
                                                  Status::crashed,
                                                  Status::timed_out,
                                                  Status::invalid_metadata,
                                                  Status::shadowed,
                                                  Status::changed_while_probing,
                                                  Status::incomplete,
                                                  Status::overwritten,
                                                  Status::gone};

struct Param {
    std::string name, type;  ///< boolean integer number string array object any
    bool required = true;
    std::optional<double> minimum{}, maximum{};
    std::string help{};
    std::string otherwise{};  ///< JSON: what counts when it is not given; "" when nothing is said
    bool secret = false;      ///< its value is not to be shown
};

struct Function {
    std::string name, title{}, help{};
    std::uint32_t index = 0;      ///< in the module's descriptor
    bool pass_through = false;    ///< takes anything: params says nothing
    std::vector<Param> params{};  ///< in order
    std::string example{};        ///< JSON list or object of arguments that fit; "" when its author gives none
    RetryWishes retry{};
    std::optional<Micros> timeout{};
    ResourceLimits limits{};  ///< its own, else its module's
};

/// One version of one module. Immutable.
struct Module {
    std::string name, path, version, build_id;
    std::string identity;  ///< device, inode, size, mtime, build id: another file is another identity
    Status status = Status::ok;
    std::string problem;  ///< what is wrong and what an operator can do, empty when ok
    std::string meta;     ///< the checked description as JSON, verbatim; empty unless ok
    std::vector<Function> functions;
    std::shared_ptr<const Module> last_good;  ///< unless ok: the last version that was, if any. For display
    Micros gone_since = 0;                    ///< UTC; when gone
    const Function* find(std::string_view function) const;
};

struct Resolved {
    std::shared_ptr<const Module> module;
    const Function* function = nullptr;  ///< lives as long as `module`
};

struct CatalogueOptions {
    std::vector<std::filesystem::path>
        path;  ///< searched in order, the first file X.so that is a module holds the name X
    std::vector<std::filesystem::path> trusted_paths;  ///< no permission checks there
    std::filesystem::path worker_program;
    Micros describe_limit = 10 * kSecond;
    std::int32_t node = 1;
    std::optional<process::JobUser> job_user{};  ///< as whom modules are described; none: this server's user
};

/// So long the jobs of a module whose file has vanished wait for it: some upgrades remove the old file, then add the
/// new one.
inline constexpr Micros kGoneGrace = 60 * kSecond;
/// So long it is listed as gone.
inline constexpr Micros kGoneShown = Micros{86'400} * kSecond;

/// Thread-safe; readers see the last finished rescan.
class Catalogue {
  public:
    Catalogue(CatalogueOptions options, store::Store& store);

    /// Looks at every file anew; describes those whose identity changed, and those that could not be loaded last time.
    /// Blocks; one at a time. What it found counts even when the store cannot remember it. Not 0: look again after so
    /// long, since some file is being written, or modules are missing because a folder could not be listed.
    Micros rescan();
    /// From the next rescan on; waits for none.
    void search(std::vector<std::filesystem::path> path, std::vector<std::filesystem::path> trusted_paths);
    /// A rescan under way ends soon and changes nothing; so does every later one.
    void give_up();

    /// Nothing when there is no such module or function, or the module cannot be used; `why` then says which and what
    /// to do.
    std::optional<Resolved> resolve(const FuncRef& func, std::string& why) const;
    std::vector<std::shared_ptr<const Module>> modules() const;
    /// Modules that are there but cannot be used now, or vanished less than kGoneGrace ago: what is to run of them
    /// waits. A module that is none of these and does not resolve is unknown.
    std::set<std::string> unavailable() const;

    /// Somebody wrote to this file. Was it in use, and was it written in place? Then nothing new of it is to run until
    /// the next rescan, and the log names the incident. True: so it is.
    bool note_written(const std::filesystem::path& file);

    /// Does the module's file still have this identity? (one stat)
    static bool unchanged(const Module& module);
    /// Is it the same file with another content? Processes that have it mapped crash. (one stat)
    static bool overwritten(const Module& module);

  private:
    struct Candidate;
    struct Folders;
    using ModulePtr = std::shared_ptr<const Module>;
    using ByName = std::map<std::string, ModulePtr, std::less<>>;
    using Records = std::map<std::string, store::ModuleRecord, std::less<>>;
    /// What was known before a look.
    struct Before {
        ByName modules;
        Records records;  ///< as stored
        bool is_place_of(const std::string& name, const std::string& path) const;
        ModulePtr last_good(const std::string& name) const;
    };

    Folders folders() const;
    Before before() const;
    Records stored() const;
    bool given_up() const;
    ModulePtr examine(const Candidate& file, const Before& before) const;  ///< nothing: no module at all
    /// `unreadable`: a folder that cannot be listed, and why; then nobody knows what is gone. "": none. True: modules
    /// are missing that may be there.
    bool keep_missing(ByName& found, const Before& before, const std::string& unreadable) const;
    void persist(const ByName& found, const Records& known);
    static void announce(const ByName& found, const ByName& before);

    CatalogueOptions options_;  // paths: guarded by mutex_
    store::Store& store_;
    std::mutex scanning_;
    Fd give_up_;  ///< readable once nothing is to be looked at any more
    mutable std::mutex mutex_;
    ByName modules_;                 // guarded by mutex_; the file that holds each name, usable or not
    std::vector<ModulePtr> others_;  // guarded by mutex_; shadowed files
};

/// The arguments fit the function's parameters: a field is filled from `args` by order, else from `kwargs` by name.
/// Sealed ones (domain/sealed.hpp) fit every secret parameter.
/// Throws RequestError (Problem::invalid) naming the parameter: too many, unknown, doubly given, missing, wrong type,
/// out of range.
void check_arguments(const Function& function, std::string_view args_json, std::string_view kwargs_json);

}  // namespace foliot::module

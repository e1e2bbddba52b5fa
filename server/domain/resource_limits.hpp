// What a run may take of the machine. The configuration has a limit for every job, a module may lower it for its
// functions, and a job may have its own, which only an Admin may set above both.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace foliot {

/// A limit that is not set is left to others; 0 says that there is none (nice: that of the server).
struct ResourceLimits {
    std::optional<std::int64_t> memory{};      ///< bytes, beside what the worker itself has
    std::optional<std::int64_t> cpu{};         ///< Micros of processor time, of all threads
    std::optional<std::int64_t> open_files{};  ///< descriptors, beside those of the worker itself
    std::optional<std::int64_t> file_size{};   ///< bytes, of each file that is written
    std::optional<std::int64_t> output{};      ///< bytes that are kept; never 0
    std::optional<std::int64_t> nice{};        ///< added to the server's niceness, 0..19
    bool operator==(const ResourceLimits&) const = default;
};

/// One of them: its name everywhere (API, configuration, database), and what it may be.
struct LimitField {
    enum class Unit { bytes, micros, count, niceness };

    std::string_view name;
    std::optional<std::int64_t> ResourceLimits::*value;
    Unit unit;
    std::int64_t least, most;
    bool may_be_none;  ///< 0 is no limit

    bool allows(std::int64_t wished) const {
        return (wished == 0 && may_be_none) || (wished >= least && wished <= most);
    }
    std::string range() const;  ///< "0 (none) or from 1 to 20", lengths in seconds
};

/// Of each of three streams; all that a run wrote is one value in the database, of less than 1,000,000,000 bytes.
inline constexpr std::int64_t kMostOutput = 256 << 20;
inline constexpr std::size_t kLimits = 6;
extern const std::array<LimitField, kLimits> kLimitFields;
const LimitField* limit_named(std::string_view name);  ///< null: there is none

/// Does the first give a run more of it than the second? What is not set gives as much as there is.
bool gives_more(const LimitField& field, std::optional<std::int64_t> a, std::optional<std::int64_t> b);

/// What is set and no default, as a JSON object.
std::string to_json(const ResourceLimits& limits);
/// Throws std::runtime_error for what to_json did not write.
ResourceLimits limits_from_json(std::string_view object);

/// The limits of a run, and whose they are.
struct LimitsInForce {
    ResourceLimits configured{}, declared{}, wished{};

    /// What a job has unless it says otherwise: its function's, where that is lower than what is configured.
    ResourceLimits usual() const;
    /// What counts: only what is a limit is set.
    ResourceLimits values() const;
    /// "memory limit of 64 MiB (defaults.memory; ...)": what it is, and who can raise it how. Empty: there is none.
    std::string words(std::string_view name) const;
};

}  // namespace foliot

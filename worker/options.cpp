#include "options.hpp"

#include "process/frames.hpp"

#include <charconv>
#include <map>
#include <string_view>

namespace foliot::worker {
namespace {

using Given = std::map<std::string, std::string, std::less<>>;

Given pairs(const std::vector<std::string>& arguments) {
    if (arguments.size() % 2 != 0) throw UsageError("every option takes a value");
    Given given;
    for (std::size_t i = 0; i < arguments.size(); i += 2) given[arguments[i]] = arguments[i + 1];
    return given;
}

std::string take(Given& given, std::string_view name) {
    const auto found = given.find(name);
    if (found == given.end() || found->second.empty()) throw UsageError("option " + std::string(name) + " is missing");
    std::string value = std::move(found->second);
    given.erase(found);
    return value;
}

template <class T>
T number(std::string_view digits, int base, std::string_view name) {
    T value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size()) {
        throw UsageError("option " + std::string(name) + ": '" + std::string(digits) + "' is no number");
    }
    return value;
}

std::int64_t limit(Given& given, std::string_view name) {
    if (!given.contains(name)) return 0;
    const auto value = number<std::int64_t>(take(given, name), 10, name);
    if (value < 0) throw UsageError("option " + std::string(name) + " is negative");
    return value;
}

std::string bytes_of_hex(const std::string& hex, std::string_view name) {
    if (hex.size() != 2 * process::kNonceBytes) {
        throw UsageError("option " + std::string(name) + " takes " + std::to_string(2 * process::kNonceBytes) +
                         " hex digits");
    }
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        bytes += static_cast<char>(number<unsigned char>(std::string_view(hex).substr(i, 2), 16, name));
    }
    return bytes;
}

process::JobUser user_of(const std::string& text) {
    try {
        return process::parse_job_user(text);
    } catch (const std::runtime_error& e) {
        throw UsageError(std::string("option --user: ") + e.what());
    }
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
    Given given = pairs(arguments);
    Options options;
    if (given.contains("--user")) options.user = user_of(take(given, "--user"));
    if (given.contains("--describe")) {
        options.act = Options::Act::describe;
        options.module = take(given, "--describe");
    } else if (given.contains("--remove")) {
        options.act = Options::Act::remove;
        options.folder = take(given, "--remove");
        if (given.contains("--except")) options.kept = take(given, "--except");
    } else if (given.contains("--check-folder")) {
        options.act = Options::Act::check_folder;
        options.folder = take(given, "--check-folder");
    } else {
        options.module = take(given, "--module");
        options.nonce = bytes_of_hex(take(given, "--nonce"), "--nonce");
        options.work_dir = take(given, "--work-dir");
        options.limits = {limit(given, "--memory"), limit(given, "--cpu"), limit(given, "--open_files"),
                          limit(given, "--file_size"), limit(given, "--nice")};
    }
    if (!given.empty()) throw UsageError("unknown option " + given.begin()->first);
    return options;
}

}  // namespace foliot::worker

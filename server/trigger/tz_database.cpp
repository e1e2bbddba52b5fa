#include "base/ascii.hpp"
#include "trigger/zone.hpp"

#include <cctz/time_zone.h>
#include <cctz/zone_info_source.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <mutex>

namespace foliot::trigger {
namespace {

namespace fs = std::filesystem;

/// As glibc and cctz look for it (tzset(3)).
fs::path directory() {
    const char* chosen = std::getenv("TZDIR");
    return chosen != nullptr && *chosen != '\0' ? fs::path(chosen) : fs::path("/usr/share/zoneinfo");
}

/// cctz keeps what it has loaded for ever, by name: a zone of a later database needs a name of its own.
constexpr char kMark = '#';

class File final : public cctz::ZoneInfoSource {
  public:
    explicit File(const fs::path& path) : in_(path, std::ios::binary) {}

    bool is_open() const { return in_.is_open(); }
    std::size_t Read(void* to, std::size_t size) override {
        in_.read(static_cast<char*>(to), static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(in_.gcount());
    }
    int Skip(std::size_t size) override {
        in_.seekg(static_cast<std::streamoff>(size), std::ios::cur);
        return in_.good() ? 0 : -1;
    }

  private:
    std::ifstream in_;
};

std::unique_ptr<cctz::ZoneInfoSource> open_zone(
    const std::string& name, const std::function<std::unique_ptr<cctz::ZoneInfoSource>(const std::string&)>&) {
    auto file = std::make_unique<File>(directory() / name.substr(0, name.find(kMark)));
    if (!file->is_open()) return nullptr;
    return file;
}

using Clock = std::chrono::system_clock;
using Instant = std::chrono::time_point<Clock, cctz::seconds>;

Micros micros(Instant at) { return at.time_since_epoch().count() * kSecond; }

/// cctz foretells some 400 years of transitions when a rule goes on.
std::vector<Zone::Stretch> stretches_of(const cctz::time_zone& zone) {
    const Instant first{cctz::seconds{kFirstInstant / kSecond}};
    std::vector<Zone::Stretch> stretches{{.begin = kFirstInstant,
                                          .end = std::numeric_limits<Micros>::max() / 2,
                                          .offset = zone.lookup(first).offset * kSecond,
                                          .seen = kFirstInstant - 86'400 * kSecond}};
    cctz::time_zone::civil_transition change;
    for (Instant at = first; zone.next_transition(at, &change);) {
        at = zone.lookup(change.to).trans;
        Zone::Stretch& before = stretches.back();
        const Micros offset = zone.lookup(at).offset * kSecond;
        if (offset == before.offset) continue;  // another name for the same time
        before.end = micros(at);
        const Micros seen = std::max(before.seen, before.end + before.offset);
        stretches.push_back(
            {.begin = micros(at), .end = std::numeric_limits<Micros>::max() / 2, .offset = offset, .seen = seen});
    }
    return stretches;
}

ZonePtr load(const std::string& name, unsigned generation) {
    cctz::time_zone zone;
    if (!cctz::load_time_zone(name + kMark + std::to_string(generation), &zone)) return nullptr;
    auto stretches = stretches_of(zone);
    constexpr Micros kYear2400 = Micros{13'569'465'600} * kSecond;
    const bool repeats = stretches.back().begin > kYear2400;
    return std::make_shared<const Zone>(name, std::move(stretches), repeats);
}

fs::path text_file() { return directory() / "tzdata.zi"; }

std::optional<std::string> version_in(const std::string& line) {
    constexpr std::string_view intro = "# version ";
    if (!line.starts_with(intro)) return std::nullopt;
    return line.substr(intro.size());
}

std::optional<std::string> installed_version() {
    std::ifstream in(text_file());
    std::string line;
    return std::getline(in, line) ? version_in(line) : std::nullopt;
}

/// The database as one file of text (zic(8)): its version, and a name in each line that makes a zone or a link.
class Database {
  public:
    Database() { read(); }

    std::optional<ZonePtr> find(std::string_view name) {
        const std::lock_guard lock(mutex_);
        const auto known = names_.find(lower(name));
        if (known == names_.end()) return std::nullopt;
        const ZonePtr zone = loaded(known->second);
        return zone != nullptr && zone->missing() ? std::nullopt : std::optional(zone);
    }
    ZonePtr stored(const std::string& name) {
        const std::lock_guard lock(mutex_);
        return loaded(name);
    }
    std::optional<std::string> change() {
        const std::lock_guard lock(mutex_);
        const std::string installed = installed_version().value_or(version_);
        std::string changed = installed == version_ ? "" : installed;
        for (const auto& [name, zone] : zones_) {
            const std::string now = look_of(name);
            if (now != zone.look) changed.append(" ").append(name).append(" ").append(now);
        }
        return changed.empty() ? std::nullopt : std::optional(changed);
    }
    std::string version() {
        const std::lock_guard lock(mutex_);
        return version_;
    }
    std::vector<std::string> refresh() {
        const std::lock_guard lock(mutex_);
        read();
        ++generation_;
        std::vector<std::string> gone;
        for (auto& [name, zone] : zones_) {
            if (look_of(name) == zone.look) continue;
            const Loaded now = load_now(name);
            zone.look = now.look;
            if (now.zone->missing()) {
                gone.push_back(name);
            } else {
                zone.zone = now.zone;
            }
        }
        ++refreshes;
        return gone;
    }

    std::atomic<unsigned> refreshes{0};

  private:
    struct Loaded {
        ZonePtr zone;
        std::string look;  ///< of its file when it was read
    };

    /// Tells one state of a zone's file from another.
    static std::string look_of(const std::string& name) {
        struct stat file {};
        if (::stat((directory() / name).c_str(), &file) != 0) return "-";
        return std::to_string(file.st_ino) + ":" + std::to_string(file.st_size) + ":" +
               std::to_string(file.st_mtim.tv_sec) + "." + std::to_string(file.st_mtim.tv_nsec);
    }
    Loaded load_now(const std::string& name) const {
        std::string look = look_of(name);  // before it is read: a change meanwhile is seen later
        ZonePtr zone = look == "-" ? nullptr : load(name, generation_);
        if (zone == nullptr) zone = std::make_shared<const Zone>(name);
        return {std::move(zone), std::move(look)};
    }
    ZonePtr loaded(const std::string& name) {
        if (name == "UTC") return nullptr;
        const auto known = zones_.find(name);
        return known != zones_.end() ? known->second.zone : zones_.emplace(name, load_now(name)).first->second.zone;
    }
    void read() {
        std::ifstream in(text_file());
        if (!in) throw NoZones("cannot read " + text_file().string() + "; install the package tzdata");
        version_ = "unknown";
        names_ = {{"utc", "UTC"}};
        for (std::string line; std::getline(in, line);) take(line);
    }
    void take(const std::string& line) {
        const auto word = [&](std::size_t n) {
            std::size_t begin = 0;
            for (; n > 0 && begin != std::string::npos; --n) {
                begin = line.find(' ', begin);
                if (begin != std::string::npos) ++begin;
            }
            return begin == std::string::npos ? std::string() : line.substr(begin, line.find(' ', begin) - begin);
        };
        if (const auto version = version_in(line)) version_ = *version;
        const std::string name = line.starts_with("Z ") ? word(1) : line.starts_with("L ") ? word(2) : "";
        if (!name.empty()) names_.emplace(lower(name), name);
    }

    std::mutex mutex_;  // of all below
    std::string version_ = "unknown";
    unsigned generation_ = 0;
    std::map<std::string, std::string, std::less<>> names_;  // lower case -> as it is spelled
    std::map<std::string, Loaded> zones_;
};

Database& database() {
    static Database one;
    return one;
}

}  // namespace

std::optional<ZonePtr> find_zone(std::string_view name) { return database().find(name); }
ZonePtr latest(const ZonePtr& zone) { return zone == nullptr ? zone : find_zone(zone->name()).value_or(zone); }
std::string tz_version() { return database().version(); }
unsigned tz_refreshes() { return database().refreshes.load(std::memory_order_acquire); }
std::vector<std::string> refresh_zones() { return database().refresh(); }
std::optional<std::string> tz_change() { return database().change(); }
ZonePtr stored_zone(const std::string& name) { return database().stored(name); }

}  // namespace foliot::trigger

namespace cctz_extension {

ZoneInfoSourceFactory zone_info_source_factory = foliot::trigger::open_zone;

}  // namespace cctz_extension

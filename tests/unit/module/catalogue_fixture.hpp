// A catalogue of two folders, and fixture modules to put there by renaming.
#pragma once

#include "module/catalogue.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace foliot::module::testing {

namespace fs = std::filesystem;
using foliot::testing::ManualClock;
using foliot::testing::TempDir;

struct Setup {
    TempDir dir;
    ManualClock clock;
    fs::path first = dir / "first", second = dir / "second";
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Catalogue> catalogue;
    Micros limit = 20 * kSecond;
    fs::path worker = fs::path(FOLIOT_BIN_DIR) / "foliot-worker";

    Setup() {
        for (const fs::path& folder : {first, second}) {
            fs::create_directory(folder);
            ::chmod(folder.c_str(), 0755);
        }
        store = store::open_sqlite({dir / "foliot.db"}, clock);
        start();
    }
    /// As a new server process does: nothing is known but what the store holds.
    void start() {
        catalogue = std::make_unique<Catalogue>(CatalogueOptions{{first, second}, {}, worker, limit, 1}, *store);
    }

    void deploy(const std::string& fixture, const fs::path& to) const {
        const fs::path next = to.string() + ".new";
        const fs::path fixtures = FOLIOT_FIXTURES_DIR;
        const fs::path plain = fixtures / (fixture + ".so");
        fs::copy_file(fs::exists(plain) ? plain : fixtures / "hanging" / (fixture + ".so"), next);
        ::chmod(next.c_str(), 0644);
        fs::rename(next, to);
    }
    void deploy(const std::string& fixture) const { deploy(fixture, first / (fixture + ".so")); }

    std::shared_ptr<const Module> find(const std::string& name) const {
        for (const auto& module : catalogue->modules())
            if (module->name == name && module->status != Status::shadowed) return module;
        return nullptr;
    }
    std::string why(const std::string& module, const std::string& function) const {
        std::string text;
        return catalogue->resolve({module, function}, text) ? "" : text;
    }
    std::optional<store::ModuleRecord> record(const std::string& name) const {
        for (const auto& found : store->read()->modules())
            if (found.name == name) return found;
        return std::nullopt;
    }
};

}  // namespace foliot::module::testing

// A module as a host meets it: a file with a note and one symbol.
#pragma once

#include "support/shell.hpp"

#include <foliot/abi.h>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace foliot::testing {

inline std::filesystem::path plugin(const std::string& name) {
    return std::filesystem::path(FOLIOT_MODULES_DIR) / (name + ".so");
}
inline std::filesystem::path fixture(const std::string& name) {
    return std::filesystem::path(FOLIOT_FIXTURES_DIR) / (name + ".so");
}

/// A loaded module. Never unloaded, as in a worker.
class SharedObject {
  public:
    explicit SharedObject(const std::filesystem::path& path) {
        void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (handle == nullptr) throw std::runtime_error(::dlerror());  // NOLINT(concurrency-mt-unsafe)
        entry_ = reinterpret_cast<foliot_entry_fn>(::dlsym(handle, "foliot_module_v1"));
        if (entry_ == nullptr) throw std::runtime_error(path.string() + " has no entry");
    }
    foliot_entry_fn entry() const { return entry_; }
    const foliot_module& module() const { return *entry_(FOLIOT_ABI_MINOR); }
    const foliot_job& job(std::string_view name) const {
        for (std::size_t i = 0; i < module().job_count; ++i) {
            if (module().jobs[i]->name == name) return *module().jobs[i];
        }
        throw std::runtime_error("no function " + std::string(name));
    }

  private:
    foliot_entry_fn entry_ = nullptr;
};

struct Note {
    int major = 0, minor = 0;
    std::string name, version;
};

/// The note as a host reads it: program headers only, nothing executed.
inline std::optional<Note> read_note(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto load = [&]<class T>(std::size_t at, T& out) {
        std::memcpy(&out, bytes.substr(at, sizeof out).data(), sizeof out);
    };
    ElfW(Ehdr) header{};
    load(0, header);
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
        ElfW(Phdr) segment{};
        load(header.e_phoff + i * sizeof segment, segment);
        if (segment.p_type != PT_NOTE) continue;
        for (std::size_t at = segment.p_offset, end = at + segment.p_filesz; at < end;) {
            ElfW(Nhdr) note{};
            load(at, note);
            const std::size_t owner = at + sizeof note;
            const std::size_t payload = owner + ((note.n_namesz + 3U) & ~std::size_t{3});
            at = payload + ((note.n_descsz + 3U) & ~std::size_t{3});
            if (note.n_type != FOLIOT_NOTE_TYPE ||
                bytes.compare(owner, note.n_namesz, std::string(FOLIOT_NOTE_OWNER) + '\0') != 0)
                continue;
            std::uint16_t version[2];
            load(payload, version);
            Note out{version[0], version[1], bytes.c_str() + payload + 4, {}};
            out.version = bytes.c_str() + payload + 4 + out.name.size() + 1;
            return out;
        }
    }
    return std::nullopt;
}

/// Names of the dynamic symbols that the file defines, a line each.
inline std::string exports(const std::filesystem::path& path) {
    return output_of("nm -D --defined-only --format=just-symbols '" + path.string() + "'");
}

}  // namespace foliot::testing

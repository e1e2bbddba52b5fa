#include "store/sqlite/checkpointer.hpp"

#include "base/log.hpp"
#include "store/sqlite/db.hpp"

#include <sqlite3.h>

#include <exception>
#include <string>
#include <utility>

namespace foliot::store::sqlite {
namespace {
constexpr Micros kDelay = 100'000;
}

Checkpointer::Checkpointer(std::filesystem::path file)
    : file_(std::move(file)), later_(kDelay, Later::AtEnd::drop_it, [this] { checkpoint(); }) {}

void Checkpointer::checkpoint() {
    try {
        // Opened anew each time: an open connection would hide that the file was lost, and costs little beside the
        // work.
        const Connection db(file_, Connection::Mode::reader);
        const int code = sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        if (code != SQLITE_OK && code != SQLITE_BUSY)
            log::warning("log-not-folded",
                         std::string("the write-ahead log cannot be folded in: ") + sqlite3_errmsg(db.handle()));
    } catch (const std::exception& error) {
        log::warning("log-not-folded", error.what());
    }
}

}  // namespace foliot::store::sqlite

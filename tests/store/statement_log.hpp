// What SQL is really run: each statement of the connections opened while it lives. One at a time.
#pragma once

#include <sqlite3.h>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace foliot::testing {

class StatementLog final {
  public:
    StatementLog() {
        current = this;
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch));
    }
    /// No connection that it watched may be in use any more.
    ~StatementLog() {
        sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&watch));
        current = nullptr;
    }
    StatementLog(const StatementLog&) = delete;
    StatementLog& operator=(const StatementLog&) = delete;

    std::vector<std::string> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(statements_, {});
    }

  private:
    static int watch(sqlite3* db, char** /*error*/, const sqlite3_api_routines* /*api*/) {
        return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, &note, nullptr);
    }
    static int note(unsigned /*type*/, void* /*context*/, void* statement, void* /*text*/) {
        const std::lock_guard lock(current->mutex_);
        current->statements_.emplace_back(sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
        return 0;
    }

    static inline StatementLog* current = nullptr;
    std::mutex mutex_;
    std::vector<std::string> statements_;
};

}  // namespace foliot::testing

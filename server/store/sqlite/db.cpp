#include "store/sqlite/db.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <sqlite3.h>

#include <cassert>
#include <cerrno>
#include <mutex>
#include <utility>

namespace foliot::store::sqlite {
namespace {

void register_poco_connector() {
    static std::once_flag once;
    std::call_once(once, [] {
        // A connection is never used by two threads at once; a lock in each call would cost a tenth of all time.
        // Refused when SQLite is in use already: slower, nothing worse.
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // counting takes a lock for each allocation
        Poco::Data::SQLite::Connector::registerConnector();
    });
}

/// SQLite calls it full only where it writes; elsewhere, and for a quota, the system's word is needed.
bool means_full(int code, int system_error) {
    const int primary = code & 0xFF;
    return primary == SQLITE_FULL || (primary == SQLITE_IOERR && (system_error == ENOSPC || system_error == EDQUOT));
}

}  // namespace

bool SqlError::is_constraint() const { return primary() == SQLITE_CONSTRAINT; }

bool SqlError::is_fatal() const {
    switch (primary()) {
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_NOMEM:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PROTOCOL: return true;
        default: return false;
    }
}

Query::Query(Query&& other) noexcept
    : db_(other.db_),
      statement_(std::exchange(other.statement_, nullptr)),
      owned_(other.owned_),
      bound_(other.bound_) {}

Query::~Query() {
    if (statement_ == nullptr) return;
    if (owned_) {
        sqlite3_finalize(statement_);
        return;
    }
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::check(int code) const {
    if (code != SQLITE_OK) fail(code);
}

void Query::fail(int code) const { db_->fail(code, sqlite3_sql(statement_)); }

void Query::bind_integer(std::int64_t value) { check(sqlite3_bind_int64(statement_, ++bound_, value)); }

void Query::bind_real(double value) { check(sqlite3_bind_double(statement_, ++bound_, value)); }

void Query::bind_optional(const std::optional<std::int64_t>& value) {
    if (value) {
        bind_integer(*value);
    } else {
        ++bound_;
    }
}

void Query::bind_text(std::string_view value) {
    const char* data = value.data() != nullptr ? value.data() : "";
    check(sqlite3_bind_text64(statement_, ++bound_, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Query::bind_blob(std::string_view value) {
    const char* data = value.data() != nullptr ? value.data() : "";
    check(sqlite3_bind_blob64(statement_, ++bound_, data, value.size(), SQLITE_STATIC));
}

bool Query::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail(code);
}

std::int64_t Query::run() {
    while (next()) {}
    return sqlite3_changes64(db_->handle());
}

std::int64_t Query::number() {
    if (!next()) throw SqlError(SQLITE_NOTFOUND, std::string("sqlite: no row from ") + sqlite3_sql(statement_));
    return integer(0);
}

bool Query::null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::optional<std::int64_t> Query::maybe(int column) const {
    if (null(column)) return std::nullopt;
    return integer(column);
}

std::optional<double> Query::maybe_real(int column) const {
    if (null(column)) return std::nullopt;
    return sqlite3_column_double(statement_, column);
}

std::string Query::text(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::string> Query::maybe_text(int column) const {
    if (null(column)) return std::nullopt;
    return text(column);
}

struct Connection::Session {
    Poco::Data::Session poco;
};

Connection::Connection(const std::filesystem::path& file, Mode mode) {
    register_poco_connector();
    try {
        session_ = std::make_unique<Session>(Session{Poco::Data::Session("SQLite", file.string(), 2)});
    } catch (const Poco::Exception& error) {
        throw std::runtime_error("cannot open the database " + file.string() + ": " + error.displayText());
    }
    db_ = Poco::Data::SQLite::Utility::dbHandle(session_->poco);
    sqlite3_busy_timeout(db_, 2000);
    // foreign_keys stays off: no table declares any.
    execute("PRAGMA temp_store=MEMORY");
    if (mode == Mode::writer) {
        execute(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-65536");
    } else {
        execute("PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8192");
    }
}

Connection::~Connection() {
    for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
}

void Connection::fail(int code, const char* sql) {
    const int extended = sqlite3_extended_errcode(db_);
    if ((extended & 0xFF) == (code & 0xFF)) code = extended;
    const std::string text = std::string("sqlite: ") + sqlite3_errmsg(db_) + " in: " + sql;
    const bool lost = (code & 0xFF) != SQLITE_CONSTRAINT && !in_transaction();  // rolled back, or never begun
    disk_full_ = disk_full_ || means_full(code, sqlite3_system_errno(db_));
    poisoned_ = poisoned_ || SqlError(code, text).is_fatal() || lost;
    throw SqlError(code, text);
}

sqlite3_stmt* Connection::prepare(const char* sql, bool keep) {
    refuse_if_poisoned();
    sqlite3_stmt* statement = nullptr;
    const unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
    const int code = sqlite3_prepare_v3(db_, sql, -1, flags, &statement, nullptr);
    if (code != SQLITE_OK) fail(code, sql);
    return statement;
}

void Connection::refuse_if_poisoned() const {
    if (poisoned_) throw SqlError(SQLITE_ABORT, "sqlite: the connection failed before and is used no more");
}

Query Connection::query(Sql sql) {
    refuse_if_poisoned();
    sqlite3_stmt*& statement = statements_[sql.text];
    if (statement == nullptr) statement = prepare(sql.text, true);
    assert(!sqlite3_stmt_busy(statement));
    return {*this, statement, false};
}

Query Connection::query_text(const std::string& sql) { return {*this, prepare(sql.c_str(), false), true}; }

void Connection::execute(const std::string& sql) {
    refuse_if_poisoned();
    const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, sql.c_str());
}

void Connection::limit_by(std::function<bool()> expired) {
    constexpr int steps = 4096;  // some tens of microseconds
    expired_ = std::move(expired);
    const auto ask = [](void* self) { return static_cast<Connection*>(self)->expired_() ? 1 : 0; };
    sqlite3_progress_handler(db_, expired_ ? steps : 0, ask, this);
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

Transaction::Transaction(Connection& db) : db_(db) { db_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    if (done_ || !db_.in_transaction()) return;
    try {
        db_.execute("ROLLBACK");
    } catch (const SqlError&) {  // SQLite has rolled back by itself
    }
}

void Transaction::commit() {
    db_.execute("COMMIT");
    done_ = true;
}

}  // namespace foliot::store::sqlite

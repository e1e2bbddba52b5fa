// SQLite, wrapped once: a connection (opened by Poco, used raw), prepared statements, transactions.
// A Poco statement is prepared anew by every execution and costs ten times the query, hence the raw handle.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace foliot::store::sqlite {

/// What SQLite said: the extended result code and its text with the statement.
class SqlError final : public std::runtime_error {
  public:
    SqlError(int code, const std::string& text) : runtime_error(text), code_(code) {}
    int code() const { return code_; }
    int primary() const { return code_ & 0xFF; }
    bool is_constraint() const;
    /// Disk full, I/O, memory, corruption: nothing may be assumed about the transaction or the connection.
    bool is_fatal() const;

  private:
    int code_;
};

/// SQL text that lives as long as the program, so that its address can name the prepared statement.
struct Sql {
    const char* text;
    consteval Sql(const char* literal) : text(literal) {}  // NOLINT(google-explicit-constructor)
};

/// Bytes bound as a BLOB; must outlive the query.
struct Blob {
    std::string_view bytes;
};

class Connection;

/// One execution of a prepared statement. Resets it and forgets the bound values when it goes.
class Query final {
  public:
    Query(Connection& db, sqlite3_stmt* statement, bool owned) : db_(&db), statement_(statement), owned_(owned) {}
    Query(Query&& other) noexcept;
    Query& operator=(Query&&) = delete;
    ~Query();

    /// Binds the next parameters in order. Text and blobs are not copied: they must live until the query goes.
    template <class... Values>
    Query& bind(const Values&... values) {
        (bind_one(values), ...);
        return *this;
    }

    bool next();            ///< steps; true: there is a row. Throws SqlError
    std::int64_t run();     ///< steps to the end; how many rows were changed
    std::int64_t number();  ///< first column of the one row that must come

    bool null(int column) const;
    std::int64_t integer(int column) const;
    int small(int column) const { return static_cast<int>(integer(column)); }
    std::optional<std::int64_t> maybe(int column) const;
    std::optional<double> maybe_real(int column) const;
    std::string text(int column) const;  ///< text or blob; "" when null
    std::optional<std::string> maybe_text(int column) const;

  private:
    template <class T>
    void bind_one(const T& value) {
        if constexpr (std::is_enum_v<T>) {
            bind_integer(static_cast<std::int64_t>(value));
        } else if constexpr (std::is_integral_v<T>) {
            bind_integer(static_cast<std::int64_t>(value));
        } else if constexpr (std::is_floating_point_v<T>) {
            bind_real(value);
        } else if constexpr (std::is_same_v<T, Blob>) {
            bind_blob(value.bytes);
        } else if constexpr (std::is_same_v<T, std::nullptr_t> || std::is_same_v<T, std::nullopt_t>) {
            ++bound_;
        } else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>) {
            bind_optional(value);
        } else if constexpr (requires { value.has_value(); }) {
            if (value.has_value()) {
                bind_one(*value);
            } else {
                ++bound_;
            }
        } else {
            bind_text(value);
        }
    }
    void bind_integer(std::int64_t value);
    void bind_real(double value);
    void bind_optional(const std::optional<std::int64_t>& value);
    void bind_text(std::string_view value);
    void bind_blob(std::string_view value);
    void check(int code) const;
    [[noreturn]] void fail(int code) const;

    Connection* db_;
    sqlite3_stmt* statement_;
    bool owned_;
    int bound_ = 0;
};

/// One connection, for one thread at a time.
class Connection final {
  public:
    enum class Mode { writer, reader };
    /// Throws std::runtime_error naming the file.
    Connection(const std::filesystem::path& file, Mode mode);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Query query(Sql sql);                      ///< prepared once, kept
    Query query_text(const std::string& sql);  ///< prepared for this use alone
    void execute(const std::string& sql);      ///< any number of statements without results
    /// From now on a statement fails with SQLITE_INTERRUPT once `expired` says so, asked every few thousand of its
    /// steps. An empty one: no limit.
    void limit_by(std::function<bool()> expired);
    bool in_transaction() const;
    /// Something failed after which only a new connection is safe: SQLite may have ended the transaction, and what came
    /// next would be committed by itself. Refuses all further work.
    bool poisoned() const { return poisoned_; }
    bool disk_full() const { return disk_full_; }  ///< it failed for want of space
    sqlite3* handle() const { return db_; }

  private:
    friend class Query;
    sqlite3_stmt* prepare(const char* sql, bool keep);
    [[noreturn]] void fail(int code, const char* sql);
    void refuse_if_poisoned() const;

    struct Session;  // hides Poco
    std::unique_ptr<Session> session_;
    sqlite3* db_ = nullptr;
    bool poisoned_ = false;
    bool disk_full_ = false;
    std::function<bool()> expired_;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

/// BEGIN IMMEDIATE ... commit(); rolls back otherwise. For migrations and other lone work.
class Transaction final {
  public:
    explicit Transaction(Connection& db);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Connection& db_;
    bool done_ = false;
};

}  // namespace foliot::store::sqlite

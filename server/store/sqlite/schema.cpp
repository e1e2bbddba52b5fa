#include "store/sqlite/schema.hpp"

#include "base/log.hpp"

#include <array>
#include <charconv>

namespace foliot::store::sqlite {
namespace {

constexpr const char* kVersion1 = R"sql(
CREATE TABLE meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT;
CREATE TABLE node(id INTEGER PRIMARY KEY, name TEXT UNIQUE, epoch INTEGER, ledger TEXT, url TEXT, labels TEXT,
  beat INTEGER, draining INTEGER) STRICT;
CREATE TABLE job(key INTEGER PRIMARY KEY, id TEXT NOT NULL, uid BLOB NOT NULL UNIQUE, rev INTEGER NOT NULL,
  name TEXT NOT NULL, func TEXT NOT NULL, lane INTEGER NOT NULL, status INTEGER NOT NULL,
  anchor INTEGER NOT NULL, armed_at INTEGER NOT NULL, cursor INTEGER NOT NULL, next_fire INTEGER, paused_at INTEGER,
  runs_left INTEGER, open_skip INTEGER, schedule_id INTEGER, schedule_rev INTEGER, gone_at INTEGER,
  fires_pruned INTEGER NOT NULL DEFAULT 0, creator INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX job_name ON job(id) WHERE status IN (0,1,3);
CREATE INDEX job_id ON job(id, key);
CREATE INDEX job_func ON job(func, key);
CREATE INDEX job_due ON job(next_fire, key) WHERE next_fire IS NOT NULL;
CREATE INDEX job_schedule ON job(schedule_id, key) WHERE schedule_id IS NOT NULL AND status IN (0,1,3);
CREATE INDEX job_gone ON job(gone_at) WHERE gone_at IS NOT NULL;
CREATE TABLE job_rev(job_key INTEGER, rev INTEGER, def TEXT NOT NULL, at INTEGER, by INTEGER,
  PRIMARY KEY(job_key, rev)) STRICT, WITHOUT ROWID;
CREATE TABLE job_tag(tag TEXT, job_key INTEGER, PRIMARY KEY(tag, job_key)) STRICT, WITHOUT ROWID;
CREATE INDEX job_tag_job ON job_tag(job_key);
CREATE TABLE schedule(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, rev INTEGER NOT NULL, def TEXT NOT NULL,
  at INTEGER NOT NULL) STRICT;
CREATE TABLE execution(id INTEGER PRIMARY KEY, job_key INTEGER NOT NULL, rev INTEGER NOT NULL, state INTEGER NOT NULL,
  nominal INTEGER NOT NULL, first_nominal INTEGER NOT NULL, fires INTEGER NOT NULL, seq INTEGER NOT NULL,
  attempt INTEGER NOT NULL, origin INTEGER NOT NULL, due INTEGER NOT NULL, prio INTEGER NOT NULL, lane INTEGER NOT NULL,
  node INTEGER, claim INTEGER, stop_why INTEGER, pid INTEGER, started INTEGER, ended INTEGER, updated INTEGER,
  reason TEXT, error TEXT, args TEXT, kwargs TEXT, result TEXT, module TEXT, parent INTEGER, since INTEGER,
  snoozes INTEGER, progress REAL, note TEXT) STRICT;
CREATE UNIQUE INDEX exec_job ON execution(job_key, nominal, seq);
CREATE INDEX exec_live ON execution(job_key, state) WHERE state < 10;
CREATE INDEX exec_ready ON execution(lane, prio DESC, due, id) WHERE state = 2;
CREATE INDEX exec_manual ON execution(lane, prio DESC, due, id) WHERE state = 2 AND origin = 1;
CREATE INDEX exec_blocked ON execution(job_key, due, id) WHERE state = 1;
CREATE INDEX exec_asked ON execution(job_key, due, id) WHERE state = 1 AND origin <> 0;
CREATE INDEX exec_wait ON execution(due) WHERE state = 0;
CREATE INDEX exec_bad ON execution(state, id) WHERE state > 10;
CREATE TABLE execution_out(exec INTEGER, n INTEGER, at INTEGER, stream INTEGER, data BLOB,
  PRIMARY KEY(exec, n)) STRICT, WITHOUT ROWID;
CREATE TABLE execution_blob(exec INTEGER PRIMARY KEY, result TEXT) STRICT;
CREATE TABLE slot(k TEXT PRIMARY KEY, cap INTEGER NOT NULL, used INTEGER NOT NULL) STRICT;
CREATE TABLE audit(id INTEGER PRIMARY KEY, actor TEXT, via TEXT, event TEXT, kind TEXT, ref TEXT, job_key INTEGER,
  name TEXT, before TEXT, after TEXT, exec INTEGER) STRICT;
CREATE INDEX audit_job ON audit(job_key, id);
CREATE TABLE account(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, email TEXT UNIQUE, password TEXT,
  active INTEGER NOT NULL, created INTEGER NOT NULL) STRICT;
CREATE TABLE role_group(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, role INTEGER NOT NULL) STRICT;
CREATE TABLE member(account INTEGER, grp INTEGER, PRIMARY KEY(account, grp)) STRICT, WITHOUT ROWID;
CREATE INDEX member_group ON member(grp, account);
CREATE TABLE token(id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL, scopes INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER, used INTEGER,
  made_by INTEGER) STRICT;
CREATE INDEX token_account ON token(account, id);
CREATE INDEX token_end ON token(expires) WHERE expires IS NOT NULL;
CREATE INDEX token_maker ON token(made_by) WHERE made_by IS NOT NULL;
CREATE TABLE session(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, account INTEGER NOT NULL,
  expires INTEGER NOT NULL) STRICT;
CREATE INDEX session_account ON session(account, id);
CREATE INDEX session_end ON session(expires);
CREATE TABLE idempotency(account INTEGER, k TEXT, body BLOB, at INTEGER, ref TEXT,
  PRIMARY KEY(account, k)) STRICT;
CREATE INDEX idempotency_at ON idempotency(at);
CREATE TABLE module(node INTEGER, name TEXT, path TEXT, identity TEXT, version TEXT, status TEXT, problem TEXT,
  meta TEXT, at INTEGER, PRIMARY KEY(node, name)) STRICT;
CREATE TABLE hook(id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, event TEXT NOT NULL,
  target TEXT NOT NULL, job_key INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT;
CREATE INDEX hook_event ON hook(event);
CREATE INDEX hook_job ON hook(job_key);
CREATE TABLE delivering(job_key INTEGER PRIMARY KEY) STRICT;
CREATE TABLE ending(id INTEGER PRIMARY KEY, run INTEGER NOT NULL UNIQUE) STRICT;
INSERT INTO role_group(id, name, role) VALUES(1,'Viewers',0),(2,'Operators',1),(3,'Admins',2);
)sql";

/// Output as packed_output.hpp has it. Log lines were "LEVEL text"; what was left out stays the text that it was.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE execution_output(exec INTEGER PRIMARY KEY, pieces BLOB NOT NULL) STRICT;
INSERT INTO execution_output(exec, pieces)
  SELECT exec, CAST(group_concat(format('%d %d %d 0 %d 0' || char(10), stream, at, level, length(data)) || data, '')
    AS BLOB)
  FROM (SELECT exec, stream, at, coalesce(nth.level, 1) level, CASE WHEN nth.level IS NULL THEN data ELSE substr(data, nth.length) END data
    FROM execution_out
    LEFT JOIN (SELECT 0 level, 7 length, CAST('DEBUG ' AS BLOB) word UNION ALL SELECT 1, 6, CAST('INFO ' AS BLOB)
      UNION ALL SELECT 2, 9, CAST('WARNING ' AS BLOB) UNION ALL SELECT 3, 7, CAST('ERROR ' AS BLOB)) nth
      ON stream = 3 AND substr(data, 1, nth.length - 1) = nth.word
    ORDER BY exec, n)
  GROUP BY exec;
DROP TABLE execution_out;
)sql";

constexpr std::array kVersions{kVersion1, kVersion2};

int stored_version(Connection& db, const std::filesystem::path& file) {
    Query tables = db.query_text("SELECT count(*), sum(name='meta') FROM sqlite_schema WHERE type='table'");
    if (tables.number() == 0) return 0;
    if (tables.integer(1) == 0)
        throw std::runtime_error(file.string() + " is a database, but not one of Foliot's: give another file");
    Query version = db.query_text("SELECT v FROM meta WHERE k='schema'");
    const std::string text = version.next() ? version.text(0) : "";
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 1) {
        throw std::runtime_error(file.string() + " has no readable schema version (found '" + text +
                                 "'): restore a backup");
    }
    return number;
}

}  // namespace

int schema_version() { return static_cast<int>(kVersions.size()); }

void migrate(Connection& db, const std::filesystem::path& file) {
    int version = stored_version(db, file);
    if (version > schema_version()) {
        throw std::runtime_error(file.string() + " has schema version " + std::to_string(version) +
                                 ", this program knows versions up to " + std::to_string(schema_version()) +
                                 ": start the newer program that wrote it, or restore a backup made before");
    }
    if (version > 0 && version < schema_version())
        log::info("schema-converted", "the database is converted from schema version " + std::to_string(version) +
                                          " to " + std::to_string(schema_version()) +
                                          ", which takes minutes for gigabytes of history: " + file.string());
    for (; version < schema_version(); ++version) {
        Transaction transaction(db);
        db.execute(kVersions.at(static_cast<std::size_t>(version)));
        db.query("INSERT INTO meta(k,v) VALUES('schema',?) ON CONFLICT(k) DO UPDATE SET v=excluded.v")
            .bind(std::to_string(version + 1))
            .run();
        transaction.commit();
    }
}

}  // namespace foliot::store::sqlite

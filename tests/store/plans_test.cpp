// How SQLite goes about each statement of the running code: by the index that was made for it, never through a whole
// table, sorting nothing that an index holds sorted.
#include "statement_log.hpp"
#include "world.hpp"

#include <boost/test/unit_test.hpp>

#include <regex>
#include <set>

using namespace foliot;
using namespace foliot::store;
using namespace foliot::testing;

namespace {

struct Logged {
    StatementLog log;
};

struct Planned : Logged, On<Sqlite> {
    std::set<std::string> seen;

    Planned() {
        use_everything();
        store.reset();
        for (auto& sql : log.take()) seen.insert(std::move(sql));
    }

    static std::unique_ptr<sqlite3, int (*)(sqlite3*)> connect(const std::filesystem::path& file) {
        sqlite3* db = nullptr;
        BOOST_REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
        return {db, &sqlite3_close};
    }

    std::string plan_of(const std::string& sql) const {
        const auto db = connect(dir / "foliot.db");
        sqlite3_stmt* statement = nullptr;
        const std::string explain = "EXPLAIN QUERY PLAN " + sql;
        BOOST_REQUIRE_MESSAGE(sqlite3_prepare_v2(db.get(), explain.c_str(), -1, &statement, nullptr) == SQLITE_OK,
                              sql << ": " << sqlite3_errmsg(db.get()));
        std::string plan;
        while (sqlite3_step(statement) == SQLITE_ROW) {
            plan += std::string(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3))) + "; ";
        }
        sqlite3_finalize(statement);
        return plan;
    }

    void use_everything() {
        Definition def = every_second();
        def.max_instances = 2;
        const JobKey key = put("a", def);
        def.overlap = Overlap::queue;
        const JobKey other = put("b", def);
        put("b", def);
        for (int i = 0; i < 6; ++i) {
            clock.advance(kSecond);
            const auto runs = turn(3).assigned;
            TurnIn in;
            for (const auto& run : runs) {
                if (i % 2 == 0) in.started.push_back({run.run, run.claim, 5, clock.now()});
                if (i == 5) {
                    in.given_back.push_back({run.run, run.claim});
                    continue;
                }
                in.finished.push_back(ended(run, RunState::failed));
                in.finished.back().next = NextAttempt{clock.now() + kSecond, true};
                in.finished.back().verdict.result = '"' + std::string(2'000, 'x') + '"';
                in.finished.back().output.push_back({Stream::out, 1, "x"});
            }
            in.room.any = 2;
            turn(in);
        }
        const RunId run = run_now(key);
        stop(run);
        run_now(key, {{}, {}, run});
        stop(turn(1).assigned.at(0).run);
        by_hand_behind_a_pause();
        by_hand_while_paused();
        pause(key);
        resume(key, def);
        look(key, run);
        reopen();
        (void)store->ledger_changed({"node", "boot"});
        store->recover(
            fence,
            [](RunId, std::int64_t) {
                return LedgerEntry{LedgerSays::started, {}, 1, 0};
            },
            false);
        write([&](Tx& tx) { tx.remove(other); });
        clock.advance(86'400 * kSecond);
        for (bool more = true; more;) {
            more =
                store->prune({.max_age = kSecond, .max_rows = 1, .max_rows_per_job = 1, .audit_max_age = kSecond}).more;
        }
    }

    void by_hand_behind_a_pause() {
        const JobKey held = put("held");
        clock.advance(kSecond);
        turn(0);
        run_now(held);
        pause(held);
    }

    void by_hand_while_paused() {
        const auto set = [&](EngineState state) { write([&](Tx& tx) { tx.settings().set_engine_state(state); }); };
        set(EngineState::paused);
        run_now(put_manual("by hand"));
        turn(1);
        set(EngineState::running);
    }

    void look(JobKey key, RunId run) const {
        const auto snapshot = store->read();
        (void)snapshot->jobs({});
        (void)snapshot->jobs_by_next_fire(10, 1'000'000);
        (void)snapshot->job("a");
        (void)snapshot->run(run);
        (void)snapshot->output(run);
        (void)snapshot->row_covering(key, clock.now() - 2 * kSecond);
        (void)snapshot->unnoted_runs("module", {}, 10);
        (void)snapshot->latest_job("a");
        (void)snapshot->job_record(key);
        (void)snapshot->job_records({.func = "m:f"});
        (void)snapshot->job_records({.func = "m:f", .after = key});
        (void)snapshot->count_job_records("m:f");
        (void)snapshot->last_row(key);
        (void)snapshot->rows_at(key, clock.now());
        (void)snapshot->live_runs(key, 10);
        (void)snapshot->audit({});
        (void)snapshot->modules();
        RunFilter filter;
        filter.limit = 2;
        const auto page = [&] {
            filter.before = snapshot->runs(filter).next;
            (void)snapshot->runs(filter);
            filter.before.reset();
        };
        page();
        filter.from = filter.until = clock.now();
        page();
        filter = {.job = key, .states = {}, .from = {}, .until = {}, .limit = 2, .before = {}};
        page();
        filter.states = {RunState::blocked};
        page();
        filter.job.reset();
        page();
        filter.states = {RunState::failed};
        page();
        filter.states = {RunState::failed, RunState::missed};
        page();
        filter.states = {RunState::ready, RunState::blocked};
        page();
        filter.job_id = "a";
        page();
        filter.states = {RunState::failed};
        page();
        filter.states.clear();
        page();
    }

    /// Plans of the statements that have all these words; there must be some.
    std::vector<std::string> plans(const std::vector<std::string>& words) const {
        std::vector<std::string> found;
        for (const auto& sql : seen) {
            const auto has = [&](const std::string& word) { return sql.find(word) != std::string::npos; };
            if (std::all_of(words.begin(), words.end(), has)) found.push_back(plan_of(sql));
        }
        return found;
    }
};

bool is_query(const std::string& sql) {
    static const std::regex words("^(SELECT|INSERT|UPDATE|DELETE) .*");
    const bool migrates = sql.find("FROM execution_out\n") != std::string::npos;  // which is gone
    return std::regex_search(sql, words) && sql.find("sqlite_schema") == std::string::npos && !migrates;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(query_plans)

BOOST_FIXTURE_TEST_CASE(no_statement_walks_through_a_table_that_grows, Planned) {
    // Whole partial indexes are small: they hold what is live.
    const std::regex scan(
        "SCAN (e|execution|j|job|r|n|job_rev|audit|execution_output|execution_blob|b)\\b(?!.*"
        "(exec_live|exec_ready|exec_blocked|exec_wait|job_due|job_name))[^;]*");
    int queries = 0;
    for (const auto& sql : seen) {
        if (!is_query(sql)) continue;
        ++queries;
        const std::string plan = plan_of(sql);
        std::smatch found;
        std::string line;
        for (const char c : plan) {
            line += c;
            if (c != ';') continue;
            BOOST_TEST(!std::regex_search(line, found, scan), sql << "\n    " << plan);
            line.clear();
        }
    }
    BOOST_TEST(queries > 45);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_sorted_but_pages_of_live_runs, Planned) {
    for (const auto& sql : seen) {
        if (!is_query(sql) || sql.find("e.state<10 ORDER BY") != std::string::npos) continue;
        if (sql.find("INDEXED BY exec_live") != std::string::npos) continue;
        if (sql.find("FROM module") != std::string::npos) continue;  // a few
        BOOST_TEST(plan_of(sql).find("TEMP B-TREE") == std::string::npos, sql << "\n    " << plan_of(sql));
    }
}

/// Of two upper bounds SQLite seeks by one and walks to the other, however far that is; the plan does not tell.
BOOST_FIXTURE_TEST_CASE(a_page_has_one_upper_bound, Planned) {
    int pages = 0;
    for (const auto& sql : seen) {
        const auto first = sql.find(" e.id<");
        if (sql.find("coalesce(e.result") == std::string::npos || first == std::string::npos) continue;
        ++pages;
        const std::string_view one = std::string_view(sql).substr(0, sql.find(" UNION ALL "));
        BOOST_TEST(one.find(" e.id<", first + 1) == std::string::npos, sql);
    }
    BOOST_TEST(pages >= 5);
}

BOOST_FIXTURE_TEST_CASE(each_way_in_has_its_index, Planned) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> wanted = {
        {{"FROM job j WHERE j.next_fire<=?"}, "SEARCH j USING INDEX job_due (next_fire>? AND next_fire<?)"},
        {{"FROM job j WHERE j.next_fire<=?"}, "SEARCH e USING COVERING INDEX exec_live (job_key=? AND state<?)"},
        {{"e.state=2 AND e.lane=?"}, "SEARCH e USING INDEX exec_ready (lane=?)"},
        {{"state=2 AND lane>?"}, "SEARCH execution USING INDEX exec_ready (lane>? AND lane<?)"},
        {{"origin=1 AND e.lane=?"}, "SEARCH e USING INDEX exec_manual (lane=?)"},
        {{"origin=1 AND lane>?"}, "SEARCH execution USING INDEX exec_manual (lane>? AND lane<?)"},
        {{"state=0 AND due<=?"}, "SEARCH execution USING INDEX exec_wait (due<?)"},
        {{"min(next_fire)"}, "USING COVERING INDEX job_due"},
        {{"min(next_fire)"}, "SEARCH execution USING INDEX exec_wait"},
        {{"SET state=?", "claim=?"}, "SEARCH execution USING INTEGER PRIMARY KEY (rowid=?)"},
        {{"SET cursor=?"}, "SEARCH job USING INTEGER PRIMARY KEY (rowid=?)"},
        {{"SELECT id,origin FROM execution", "state=1 AND ?=0"}, "exec_blocked (job_key=?)"},
        {{"state=1 AND origin<>0"}, "exec_asked (job_key=?)"},
        {{"e.node=?"}, "exec_live"},
        {{"INDEXED BY exec_live"}, "USING INDEX exec_live"},
        {{"coalesce(e.result", "e.job_key=?4", " AND e.state=1"}, "SEARCH e USING INDEX exec_"},
        {{"INDEXED BY exec_job", "j.id=?4"}, "SEARCH j USING COVERING INDEX job_id (id=?"},
        {{"INDEXED BY exec_job", "j.id=?4"}, "SEARCH e USING INDEX exec_job (job_key=? AND nominal<?)"},
        {{"FROM job j WHERE j.next_fire IS NOT NULL"}, "SEARCH j USING INDEX job_due"},
        {{"FROM job j INDEXED BY job_name"}, "SCAN j USING INDEX job_name"},
        {{"coalesce(e.result", "e.job_key=?4"}, "SEARCH e USING INDEX exec_"},
        {{"coalesce(e.result", "e.state>10 ORDER BY e.id"},
         "SEARCH e USING INDEX exec_bad (state=? AND id>? AND id<?)"},
        {{"coalesce(e.result", " UNION ALL "}, "SEARCH e USING INDEX exec_bad (state=? AND id>? AND id<?)"},
        {{"coalesce(e.result", "e.id<?2 ORDER BY"}, "SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
        {{"e.nominal>=? AND e.fires>0"}, "SEARCH e USING INDEX exec_job (job_key=? AND nominal>?)"},
        {{"e.fires>0 ORDER BY e.nominal DESC"}, "SEARCH e USING INDEX exec_job (job_key=?)"},
        {{"e.nominal=? ORDER BY e.seq"}, "SEARCH e USING INDEX exec_job (job_key=? AND nominal=?)"},
        {{"gone_at,j.fires_pruned", "j.id=?"}, "SEARCH j USING INDEX job_id (id=?)"},
        {{"j.creator", "j.key=?"}, "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)"},
        {{"j.creator", "j.key<?"}, "SEARCH j USING INDEX job_func (func=? AND key<?)"},
        {{"j.creator", "j.key>?"}, "SEARCH j USING INDEX job_func (func=? AND key>?)"},
        {{"count(*) FROM job j"}, "SEARCH j USING INDEX job_func (func=?)"},
        {{"FROM audit WHERE id<?", "ORDER BY id DESC"}, "SEARCH audit USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
        {{"DELETE FROM audit"}, "SEARCH audit USING INTEGER PRIMARY KEY (rowid<?)"},
        {{"WHERE e.id>? AND e.id<? ORDER BY e.id"}, "SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
        {{"LIMIT ? OFFSET ?"}, "SEARCH e USING INDEX exec_job (job_key=?)"},
        {{"(nominal,seq)>(?,?)"}, "SEARCH execution USING INDEX exec_job (job_key=? AND (nominal,seq)>(?,?))"},
        {{"count(*),max(id)"}, "SEARCH execution USING INTEGER PRIMARY KEY (rowid>?)"},
        {{"DELETE FROM execution_output"}, "SEARCH execution_output USING INTEGER PRIMARY KEY (rowid=?)"},
    };
    for (const auto& [words, part] : wanted) {
        const auto found = plans(words);
        BOOST_TEST(!found.empty(), "never run: " << words.back());
        for (const auto& plan : found) {
            BOOST_TEST(plan.find(part) != std::string::npos, words.back() << ": " << plan << " without " << part);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

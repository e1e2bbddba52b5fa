// How SQLite goes about users, groups and tokens: by index, whatever their number.
#include "statement_log.hpp"
#include "store/sqlite/db.hpp"
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

struct Used : Logged, On<Sqlite> {
    std::set<std::string> seen;

    Used() {
        std::int64_t ann = 0, group = 0, token = 0;
        write([&](Tx& tx) {
            Accounts& accounts = tx.accounts();
            group = accounts.add_group("Night", Role::operator_);
            ann = accounts.add({.name = "ann", .email = "ann@example.org", .groups = {group}});
            accounts.change(ann, {.name = "anna", .email = {{"a@example.org"}}, .active = false, .password = {{"x"}}});
            accounts.replace_password(ann, "x", "y");
            accounts.change_group(group, {.name = "Day", .role = Role::viewer});
            token = accounts.add_token({.account = ann, .hash = std::string(32, 'h')});
            accounts.mark_used({{token, clock.now()}});
            for (const char* hash : {"x", "y"}) accounts.add_session({ann, hash, clock.now()});
            accounts.end_session("y");
        });
        look(ann, group, token);
        write([&](Tx& tx) {
            tx.accounts().remove_token(token);
            tx.accounts().remove(ann);
            tx.accounts().remove_group(group);
        });
        for (Pruned out{0, true}; out.more;) out = store->prune({});
        store.reset();
        for (auto& sql : log.take()) seen.insert(std::move(sql));
    }

    void look(std::int64_t account, std::int64_t group, std::int64_t token) const {
        const auto snapshot = store->read();
        AccountReader& accounts = snapshot->accounts();
        (void)accounts.account(account);
        (void)accounts.account_named("anna");
        (void)accounts.account_with_email("anna@example.org");
        (void)accounts.accounts(10, 0);
        (void)accounts.has_active_admin();
        (void)accounts.password_holder("anna");
        (void)accounts.group(group);
        (void)accounts.group_named("Day");
        (void)accounts.groups(10, 0);
        (void)accounts.token(token);
        (void)accounts.tokens({.account = account});
        (void)accounts.tokens({});
        (void)accounts.tokens_made_by(token);
        (void)accounts.token_holder("x", clock.now());
        (void)accounts.session_holder("x", clock.now());
    }

    std::string plan_of(const std::string& sql) const {
        sqlite::Connection db(dir / "foliot.db", sqlite::Connection::Mode::reader);
        auto query = db.query_text("EXPLAIN QUERY PLAN " + sql);
        std::string plan;
        while (query.next()) plan += query.text(3) + "; ";
        return plan;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(accounts_are_found_by_index_and_come_sorted, Used) {
    const std::regex words("^(SELECT|UPDATE|DELETE) .*(account|role_group|member|token|session).*");
    int queries = 0;
    for (const std::string& sql : seen) {
        if (!std::regex_search(sql, words)) continue;
        ++queries;
        const std::string plan = plan_of(sql);
        const bool is_walk_over_groups = sql.find("EXISTS(SELECT 1 FROM role_group") != std::string::npos;  // a few
        BOOST_TEST((is_walk_over_groups || !std::regex_search(plan, std::regex("SCAN (?!CONSTANT)"))),
                   sql << "\n    " << plan);
        BOOST_TEST(plan.find("TEMP B-TREE") == std::string::npos, sql << "\n    " << plan);
    }
    BOOST_TEST(queries >= 32);
}

// Jobs with secret arguments: what is stored, what "***" means, and who may do what with another's secret.
#include "domain/sealed.hpp"
#include "setup.hpp"

namespace foliot::testing {
namespace {

struct SecretSetup : Setup {
    const Principal otto{4, "otto", Role::operator_, Scope::write};

    static service::NewJob call(const std::string& kwargs, const std::string& args = "[]") {
        service::NewJob job = hourly("a", "tasks:call");
        job.fields.args = args;
        job.fields.kwargs = kwargs;
        return job;
    }
    static service::JobEdit kwargs(const std::string& text) {
        service::JobEdit edit;
        edit.kwargs = text;
        return edit;
    }
    Definition stored() { return jobs.get(as(vera), "a").definition; }
    std::string token() {
        const Definition definition = stored();
        const json::Value named = json::parse(definition.kwargs);
        return vault.open(named.find("token")->raw);
    }
    void edit(const Principal& who, const service::JobEdit& wish) { jobs.edit(as(who), "a", wish); }
};

const std::string kCall = R"({"where":"here","token":"s3cret"})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(secret_arguments, SecretSetup)

BOOST_AUTO_TEST_CASE(a_secret_is_stored_sealed_under_its_owner) {
    jobs.add(as(olga), call(kCall));
    BOOST_TEST(stored().kwargs.find("s3cret") == std::string::npos);
    BOOST_TEST(shown_arguments(stored().kwargs) == R"({"where":"here","token":"***"})");
    BOOST_TEST(token() == R"("s3cret")");
    BOOST_TEST(service::Vault::owner_of(json::parse(stored().kwargs).find("token")->raw) == olga.account);
}

BOOST_AUTO_TEST_CASE(a_positional_one_too) {
    jobs.add(as(olga), call("{}", R"(["here", "s3cret"])"));
    BOOST_TEST(shown_arguments(stored().args) == R"(["here","***"])");
    edit(olga, [] {
        service::JobEdit wish;
        wish.args = R"(["there","***"])";
        return wish;
    }());
    BOOST_TEST(shown_arguments(stored().args) == R"(["there","***"])");
    BOOST_TEST(vault.open(json::parse(stored().args).items.at(1).raw) == R"("s3cret")");
}

BOOST_AUTO_TEST_CASE(null_is_no_secret) {
    jobs.add(as(olga), call(R"({"where":"here","token":null})"));
    BOOST_TEST(stored().kwargs == R"({"where":"here","token":null})");
}

BOOST_AUTO_TEST_CASE(the_value_must_fit_all_the_same) {
    BOOST_CHECK_EXCEPTION(jobs.add(as(olga), call(R"({"where":"here","token":5})")), RequestError,
                          refused(Problem::invalid, "token"));
}

BOOST_AUTO_TEST_CASE(asterisks_keep_what_is_there_wherever_it_stands) {
    jobs.add(as(olga), call(kCall));
    edit(olga, kwargs(R"({"where":"there","token":"***"})"));
    BOOST_TEST(shown_arguments(stored().kwargs) == R"({"where":"there","token":"***"})");
    BOOST_TEST(token() == R"("s3cret")");
    service::NewJob again = call(R"({"where":"elsewhere","token":"***"})");
    again.replace_existing = true;
    jobs.add(as(olga), again);
    BOOST_TEST(token() == R"("s3cret")");
    edit(olga, kwargs(R"({"where":"here","token":"other"})"));
    BOOST_TEST(token() == R"("other")");
    edit(olga, kwargs(R"({"where":"here"})"));
    BOOST_TEST(stored().kwargs == R"({"where":"here"})");
}

BOOST_AUTO_TEST_CASE(asterisks_need_a_secret_that_is_there) {
    BOOST_CHECK_EXCEPTION(jobs.add(as(olga), call(R"({"where":"here","token":"***"})")), RequestError,
                          refused(Problem::invalid, "token"));
    jobs.add(as(olga), call(R"({"where":"here"})"));
    BOOST_CHECK_EXCEPTION(edit(olga, kwargs(R"({"where":"here","token":"***"})")), RequestError,
                          refused(Problem::invalid, "token"));
    edit(olga, kwargs(R"({"where":"***"})"));  // no secret: asterisks are asterisks
    BOOST_TEST(stored().kwargs == R"({"where":"***"})");
}

BOOST_AUTO_TEST_CASE(nobody_gives_a_sealed_value) {
    jobs.add(as(olga), call(kCall));
    const std::string sealed(json::parse(stored().kwargs).find("token")->raw);
    for (const Principal& who : {olga, otto, root}) {
        for (const std::string name : {"token", "where"}) {
            const std::string text = "{\"where\":\"x\",\"" + name + "\":" + sealed + "}";
            BOOST_CHECK_EXCEPTION(edit(who, kwargs(text)), RequestError, refused(Problem::invalid, name));
        }
        service::NewJob job = hourly("free", "tasks:ok");
        job.fields.args = "[" + sealed + "]";
        BOOST_CHECK_EXCEPTION(jobs.add(as(who), job), RequestError, refused(Problem::invalid, "args[0]"));
    }
}

BOOST_AUTO_TEST_CASE(others_cannot_send_a_secret_elsewhere) {
    jobs.add(as(olga), call(kCall));
    const auto theirs = refused(Problem::forbidden, "token");
    BOOST_CHECK_EXCEPTION(edit(otto, kwargs(R"({"where":"mine","token":"***"})")), RequestError, theirs);
    service::JobEdit other_function;
    other_function.func = func("tasks:dial");
    BOOST_CHECK_EXCEPTION(edit(otto, other_function), RequestError, theirs);
    BOOST_CHECK_EXCEPTION(jobs.run_now(as(otto), "a", {{}, R"({"where":"mine","token":"***"})"}), RequestError, theirs);
    service::NewJob again = call(R"({"where":"mine","token":"***"})");
    again.replace_existing = true;
    BOOST_CHECK_EXCEPTION(jobs.add(as(otto), again), RequestError, theirs);
    BOOST_TEST(shown_arguments(stored().kwargs) == R"({"where":"here","token":"***"})");
    edit(root, kwargs(R"({"where":"admins may","token":"***"})"));
    BOOST_TEST(token() == R"("s3cret")");
}

BOOST_AUTO_TEST_CASE(others_may_leave_it_or_give_their_own) {
    jobs.add(as(olga), call(kCall));
    edit(otto, kwargs(R"({ "token": "***", "where": "here" })"));  // as it is shown, in whatever order
    BOOST_TEST(token() == R"("s3cret")");
    service::JobEdit name;
    name.name = "another";
    edit(otto, name);
    BOOST_TEST(token() == R"("s3cret")");
    edit(otto, kwargs(R"({"where":"mine","token":"mine"})"));
    BOOST_TEST(token() == R"("mine")");
    BOOST_CHECK_EXCEPTION(edit(olga, kwargs(R"({"where":"here","token":"***"})")), RequestError,
                          refused(Problem::forbidden, "token"));
}

BOOST_AUTO_TEST_CASE(a_secret_does_not_get_where_it_would_be_none) {
    jobs.add(as(olga), call(kCall));
    service::JobEdit other_function;
    other_function.func = func("tasks:dial");
    BOOST_CHECK_EXCEPTION(edit(olga, other_function), RequestError, refused(Problem::invalid, "token"));
    other_function.func = func("tasks:ok");
    BOOST_CHECK_EXCEPTION(edit(olga, other_function), RequestError, refused(Problem::invalid, "token"));
}

BOOST_AUTO_TEST_CASE(the_same_secret_again_changes_nothing) {
    jobs.add(as(olga), call(kCall));
    const std::string before = stored().kwargs;
    edit(olga, kwargs(kCall));
    BOOST_TEST(stored().kwargs == before);
    edit(otto, kwargs(kCall));  // who may not read it is not told by this that he guessed it
    BOOST_TEST(stored().kwargs != before);
}

BOOST_AUTO_TEST_CASE(a_run_with_other_arguments_has_its_own_sealed_ones) {
    jobs.add(as(olga), call(kCall));
    const RunId run = jobs.run_now(as(olga), "a", {{}, R"({"where":"there","token":"once"})"});
    const auto seen = store->read()->run(run);
    BOOST_REQUIRE((seen && seen->kwargs));
    BOOST_TEST(shown_arguments(*seen->kwargs) == R"({"where":"there","token":"***"})");
    BOOST_TEST(vault.open(json::parse(*seen->kwargs).find("token")->raw) == R"("once")");
    BOOST_TEST(token() == R"("s3cret")");
}

BOOST_AUTO_TEST_CASE(the_audit_tells_that_not_what) {
    jobs.add(as(olga), call(kCall));
    edit(olga, kwargs(R"({"where":"here","token":"other"})"));
    jobs.remove(as(olga), "a");
    const auto entries = audit();
    BOOST_REQUIRE(entries.size() == 3);
    BOOST_TEST(entries[1].after == "kwargs: another secret");
    for (const auto& entry : entries) {
        const std::string text = entry.before + entry.after;
        BOOST_TEST(text.find("$secret") == std::string::npos, text);
        BOOST_TEST(text.find("s3cret") == std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(a_key_of_idempotency_tells_nothing_of_a_secret) {
    const service::Caller caller{olga, "test", service::Once{"key", "hash of a body"}};
    jobs.add(caller, call(kCall));
    store->write(store::Store::Class::api, [&](store::Tx& tx) {
        const auto use = tx.key_use({olga.account, "key"});
        BOOST_REQUIRE(use.has_value());
        BOOST_TEST(use->body_hash == vault.digest("hash of a body"));
    });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace foliot::testing

// What job code forges on the server's channel must not reach those who read the history.
#include "app/fixture.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace foliot::testing {
namespace {

struct Forgery {
    std::string kwargs, error;
};
std::ostream& operator<<(std::ostream& out, const Forgery& f) { return out << f.kwargs; }

const std::vector<Forgery> kForgeries{
    {R"({"result":"bytes"})", "the result is no JSON"},
    {R"({"result":"{\"open\":"})", "the result is no JSON"},
    {R"({"result":"1","at":9223372036854775807})", "is not between"},
    {R"({"result":"1","at":-9223372036854775808})", "is not between"},
};

BOOST_DATA_TEST_CASE_F(ServerFixture, a_forged_result_leaves_the_history_readable,
                       boost::unit_test::data::make(kForgeries)) {
    start();
    run("forger", "run_forges_frames:run", R"(,"timeout":20,"kwargs":)" + sample.kwargs);
    const auto forged = ended("forger");
    BOOST_TEST(forged.state == "failed");
    BOOST_TEST(forged.reason == "protocol_error");
    BOOST_TEST(forged.error.find(sample.error) != std::string::npos, forged.error);
    const auto reply = server->client().get("/api/v1/executions/" + forged.id);
    BOOST_TEST(reply.status == 200);
    const auto execution = json::parse(reply.body);
    for (const char* time : {"started_time", "ended_time", "updated_time"})
        BOOST_TEST(text_of(execution, time).starts_with("20"), time << ": " << text_of(execution, time));
    BOOST_TEST(server->client().get("/api/v1/executions").status == 200);
    run("good", "sample:hello");
    BOOST_TEST(ended("good").state == "succeeded");
    BOOST_TEST(server->stop().code == 0);
}

}  // namespace
}  // namespace foliot::testing

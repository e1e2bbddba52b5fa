#include "api/http/openapi.hpp"

#include "base/json.hpp"
#include "unit/http/toy.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::api;
using foliot::testing::ToyDialect;

namespace {

Route route(const std::string& method, const std::string& pattern, Operation operation) {
    return {method, pattern, Access::operator_, Scope::run, nullptr, "Do it", nullptr, std::move(operation)};
}

struct Documented {
    ToyDialect dialect{"toy"};
    Router router{dialect};
    std::string text;

    json::Value document() {
        text = openapi_document(router, "1.2.3");
        return json::parse(text);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(openapi, Documented)

BOOST_AUTO_TEST_CASE(a_route_is_shown_with_parameters_body_answers_and_refusals) {
    const Schema thing = Schema::object({{"id", Schema::text(1)}, {"size", Schema::whole(0, 9), false}}).named("thing");
    Operation operation = answering(thing, "The thing", {Problem::conflict});
    operation.body = thing;
    operation.query = {{"count", Schema::whole(1), "how many"}};
    router.add(route("POST", "/things/{id}/copy", std::move(operation)));
    const json::Value all = document();
    BOOST_TEST(all.find("openapi")->string == "3.1.0");
    BOOST_TEST(all.find("info")->find("version")->string == "1.2.3");
    const json::Value& shown = *all.find("paths")->find("/things/{id}/copy")->find("post");
    BOOST_TEST(shown.find("operationId")->string == "post_things_id_copy");
    BOOST_TEST(shown.find("x-foliot-role")->string == "operator");
    BOOST_TEST(shown.find("x-foliot-scope")->string == "run");
    BOOST_TEST(shown.find("parameters")->items.size() == 2U);
    BOOST_TEST(shown.find("parameters")->items.at(0).find("in")->string == "path");
    const json::Value& body = *shown.find("requestBody")->find("content")->find("application/json")->find("schema");
    BOOST_TEST(body.find("$ref")->string == "#/components/schemas/thing");
    const json::Value& named = *all.find("components")->find("schemas")->find("thing");
    BOOST_TEST(named.raw == R"({"type":"object","properties":{"id":{"type":"string","minLength":1},)"
                            R"("size":{"type":"integer","minimum":0,"maximum":9}},"required":["id"],)"
                            R"("additionalProperties":false})");
    for (const char* status : {"200", "400", "401", "403", "404", "413", "418", "422"})
        BOOST_TEST(shown.find("responses")->find(status) != nullptr, status);
}

BOOST_AUTO_TEST_CASE(two_schemas_of_one_name_are_a_mistake) {
    router.add(route("GET", "/a", answering(Schema::text().named("same"), "a")));
    router.add(route("GET", "/b", answering(Schema::whole().named("same"), "b")));
    BOOST_CHECK_THROW(document(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_document_describes_its_own_route) {
    add_openapi_route(router, "1", dialect);
    const Response answer = router.match("GET", "/openapi.json").route->handler({});
    const json::Value all = json::parse(answer.body);
    BOOST_TEST(all.find("paths")->find("/openapi.json")->find("get")->find("security")->items.empty());
    const json::Value& cookie = *all.find("components")->find("securitySchemes")->find("session");
    BOOST_TEST(cookie.find("in")->string == "cookie");
    BOOST_TEST(cookie.find("name")->string == "foliot_session");
}

BOOST_AUTO_TEST_CASE(credentials_of_guests_are_optional_but_may_be_wrong) {
    Route reading = route("GET", "/a", answering(Schema::text(), "a"));
    reading.access = Access::guest;
    router.add(std::move(reading));
    const json::Value all = document();
    const json::Value& shown = *all.find("paths")->find("/a")->find("get");
    BOOST_TEST(shown.find("x-foliot-role")->string == "guest");
    BOOST_TEST(shown.find("security")->raw == R"([{},{"bearer":[]},{"token":[]},{"basic":[]},{"session":[]}])");
    for (const char* status : {"401", "429"}) BOOST_TEST(shown.find("responses")->find(status) != nullptr, status);
    BOOST_TEST(shown.find("responses")->find("403") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_body_may_come_in_several_types) {
    Operation operation = answering(Schema::text(), "a");
    operation.body = Schema::text();
    operation.body_types = {"text/x", "text/y"};
    router.add(route("POST", "/a", operation));
    const json::Value all = document();
    const json::Value& content = *all.find("paths")->find("/a")->find("post")->find("requestBody")->find("content");
    BOOST_TEST(content.members.size() == 2U);
    BOOST_TEST(content.find("text/y")->find("schema") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

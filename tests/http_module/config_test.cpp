// The module's configuration: what is wrong is refused when a worker starts, by the key's name.
#include "http_module/module_fixture.hpp"

using namespace foliot::testing;

BOOST_FIXTURE_TEST_SUITE(config, HttpModule)

BOOST_AUTO_TEST_CASE(mistakes_are_named) {
    struct Row {
        Data::Map config;
        std::string text;
    };
    const Row table[] = {
        {{{"deny", "10.0.0.0/33"}},
         "module.http.config.deny: '10.0.0.0/33' wants a length from 0 to 32 behind the slash"},
        {{{"allow", "10.0.0.1/8"}},
         "module.http.config.allow: '10.0.0.1/8' has bits behind its length: is the length right?"},
        {{{"deny", Data::List{"fe80::1%eth0"}}},
         "module.http.config.deny: 'fe80::1%eth0' is no IP address or range such as 10.0.0.0/8"},
        {{{"deny", "a_b, c!d"}},
         "module.http.config.deny: 'c!d' is no IP address, range such as 10.0.0.0/8, or host name such as example.org "
         "or "
         "*.example.org"},
        {{{"deny", 10}}, "module.http.config.deny: 10 is neither a text nor a list of texts"},
        {{{"allow", Data::List{"10.0.0.1", 10}}}, "module.http.config.allow: 10 is no text"},
        {{{"server_address", "localhost:8888"}},
         "module.http.config.server_address: 'localhost:8888' is no address with a port, such as 127.0.0.1:8888 or "
         "[::1]:8888"},
        {{{"allow_self", "yes"}}, "argument 'allow_self' is not a valid boolean"},
        {{{"follow_redirects", 21}}, "argument 'follow_redirects' (21) is greater than 20"},
        {{{"max_body", 131073}}, "argument 'max_body' (131073) is greater than 131072"},
        {{{"max_download", -1}}, "argument 'max_download' (-1) is smaller than 0"},
        {{{"ca_file", "/no/such"}}, "module.http.config.ca_file: '/no/such' cannot be read: No such file or directory"},
        {{{"ca_file", "/etc/passwd"}}, "module.http.config.ca_file: '/etc/passwd' holds no certificates (PEM)"},
        {{{"allow_insecure_tls", 1}}, "argument 'allow_insecure_tls' is not a valid boolean"},
        {{{"denny", "10.0.0.1"}}, "unknown argument 'denny'"},
    };
    for (const Row& row : table) {
        const Report report = configure(row.config);
        BOOST_TEST(report.outcome != FOLIOT_OK, row.text);
        BOOST_TEST(report.error_text == row.text);
    }
}

BOOST_AUTO_TEST_CASE(lists_and_texts_are_the_same) {
    const Data table[] = {"192.0.2.1,192.0.2.0/31", " 192.0.2.1 , 192.0.2.9\t", Data::List{"192.0.2.1", "x.test"}};
    for (const Data& deny : table) {
        BOOST_REQUIRE(configure({{"deny", deny}}).outcome == FOLIOT_OK);
        BOOST_TEST(post({"http://192.0.2.1/"}).outcome == FOLIOT_FAILED_FOR_GOOD);
    }
    for (const Data& nothing : {Data(""), Data(","), Data(nullptr), Data(Data::List{})})
        BOOST_TEST(configure({{"deny", nothing}, {"allow", nothing}}).outcome == FOLIOT_OK);
}

BOOST_AUTO_TEST_SUITE_END()

#define BOOST_TEST_MODULE foliot
#include <boost/test/unit_test.hpp>

#include "service/sift.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

using foliot::service::sift;

namespace {

struct Row {
    std::int64_t id;
};
struct Filter {
    std::size_t limit = 0;
    std::optional<std::int64_t> before{};
    std::size_t max_bytes = 0;
};

/// Rows from `count` down to 1.
struct Rows {
    std::int64_t count;
    std::int64_t looked_at = 0;

    foliot::store::Page<Row> page(const Filter& filter) {
        foliot::store::Page<Row> page;
        std::int64_t id = std::min(count, filter.before.value_or(count + 1) - 1);
        for (; id > 0 && page.items.size() < filter.limit; --id, ++looked_at) page.items.push_back({id});
        if (id > 0) page.next = id + 1;
        return page;
    }
    foliot::store::Page<Row> sifted(const Filter& filter, const std::function<bool(const Row&)>& wanted) {
        return sift(
            filter, [this](const Filter& some) { return page(some); }, wanted);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sifting)

BOOST_AUTO_TEST_CASE(pages_have_all_rows_that_are_wanted_each_once) {
    for (const std::size_t limit : {1U, 2U, 3U, 7U, 500U, 10'000U}) {
        Rows rows{1'203};
        std::vector<std::int64_t> found;
        Filter filter{limit};
        for (;;) {
            const auto page = rows.sifted(filter, [](const Row& row) { return row.id % 100 == 0; });
            BOOST_TEST(page.items.size() <= limit);
            for (const Row& row : page.items) found.push_back(row.id);
            if (!page.next) break;
            filter.before = page.next;
        }
        BOOST_TEST(found == (std::vector<std::int64_t>{1200, 1100, 1000, 900, 800, 700, 600, 500, 400, 300, 200, 100}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(the_last_row_leaves_no_page_behind_it) {
    Rows rows{500};
    BOOST_TEST(!rows.sifted({1}, [](const Row& row) { return row.id == 1; }).next);
    BOOST_TEST((rows.sifted({1}, [](const Row& row) { return row.id == 2; }).next == 2));
    for (const std::int64_t count : {501, 1'000, 1'203}) {
        Rows many{count};
        const auto page = many.sifted({1}, [](const Row& row) { return row.id == 1; });
        BOOST_TEST(page.items.size() == 1U);
        BOOST_TEST(!page.next, count);
    }
}

BOOST_AUTO_TEST_CASE(a_page_looks_at_10000_rows_at_most_and_says_where_to_go_on) {
    Rows rows{25'000};
    const auto wanted = [](const Row& row) { return row.id == 7; };
    auto page = rows.sifted({100}, wanted);
    BOOST_TEST(page.items.empty());
    BOOST_TEST(rows.looked_at == 10'000);
    BOOST_REQUIRE((page.next == 15'001));
    page = rows.sifted({100, page.next}, wanted);
    BOOST_TEST(page.items.empty());
    page = rows.sifted({100, page.next}, wanted);
    BOOST_TEST(page.items.size() == 1U);
    BOOST_TEST(!page.next);
}

BOOST_AUTO_TEST_SUITE_END()

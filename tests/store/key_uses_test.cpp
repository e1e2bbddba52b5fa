// Idempotency keys: what became of the first request with each.
#include "world.hpp"

#include <boost/test/unit_test.hpp>

using namespace foliot;
using namespace foliot::store;
using foliot::testing::Backends;
using foliot::testing::On;

namespace {

constexpr Micros kDay = 86'400 * kSecond;

template <class Backend>
struct Keys : On<Backend> {
    std::optional<KeyUse> use(std::int64_t account, const std::string& key) {
        std::optional<KeyUse> found;
        this->write([&](Tx& tx) { found = tx.key_use({account, key}); });
        return found;
    }
    void note(std::int64_t account, const std::string& key, const KeyUse& use) {
        this->write([&](Tx& tx) { tx.note_key_use({account, key}, use); });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(key_uses)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_key_is_its_accounts_own_and_survives_a_restart, Backend, Backends) {
    Keys<Backend> w;
    const KeyUse first{std::string("\0\xff hash", 7), "made-1"};
    w.note(1, "k", first);
    w.note(2, "k", {"other", "made-2"});
    w.reopen();
    BOOST_TEST((w.use(1, "k") == first));
    BOOST_TEST(w.use(2, "k")->ref == "made-2");
    BOOST_TEST(!w.use(1, "K"));
    BOOST_TEST(!w.use(3, "k"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_unit_that_fails_leaves_its_key_free, Backend, Backends) {
    Keys<Backend> w;
    BOOST_CHECK_THROW(w.write([](Tx& tx) {
        tx.note_key_use({1, "k"}, {"hash", "made"});
        throw std::runtime_error("no");
    }),
                      std::runtime_error);
    BOOST_TEST(!w.use(1, "k"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(after_a_day_a_key_is_free_and_pruning_removes_it, Backend, Backends) {
    Keys<Backend> w;
    w.note(1, "old", {"hash", "made"});
    w.clock.advance(kDay - kSecond);
    w.note(1, "young", {"hash", "made"});
    BOOST_TEST(w.use(1, "old").has_value());
    w.clock.advance(kSecond);
    BOOST_TEST(!w.use(1, "old"));
    std::int64_t removed = 0;
    for (Pruned pruned{0, true}; pruned.more;) removed += (pruned = w.store->prune({})).rows;
    BOOST_TEST(removed == 1);
    BOOST_TEST(w.use(1, "young").has_value());
    w.note(1, "old", {"another", "anew"});
    BOOST_TEST(w.use(1, "old")->ref == "anew");
}

BOOST_AUTO_TEST_SUITE_END()

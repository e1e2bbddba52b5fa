#include "service/directory.hpp"

#include "service/account_unit.hpp"
#include "service/unit.hpp"

#include <algorithm>

namespace foliot::service {
namespace {

constexpr std::size_t kReadAtOnce = 1'000;  // of a snapshot, which must be short

/// `get(accounts, limit, after)` gives a page.
template <class Item, class Get>
std::vector<Item> newest_first(store::Store& store, const Get& get) {
    std::vector<Item> all;
    for (std::optional<std::int64_t> next = 0; next;) {
        store::Page<Item> page;
        read(store, [&](store::Snapshot& seen) { page = get(seen.accounts(), *next); });
        all.insert(all.end(), page.items.begin(), page.items.end());
        next = page.next;
    }
    std::reverse(all.begin(), all.end());
    return all;
}

}  // namespace

std::vector<Account> Directory::users(const Caller& caller) {
    require(caller, Power::read, "read users");
    return newest_first<Account>(
        store_, [](store::AccountReader& accounts, auto after) { return accounts.accounts(kReadAtOnce, after); });
}

Account Directory::user(const Caller& caller, std::int64_t id) {
    require(caller, Power::read, "read users");
    std::optional<Account> account;
    read(store_, [&](store::Snapshot& seen) { account = seen.accounts().account(id); });
    if (!account) throw not_found("User", id);
    return *std::move(account);
}

std::vector<Group> Directory::groups(const Caller& caller) {
    require(caller, Power::read, "read groups");
    return newest_first<Group>(
        store_, [](store::AccountReader& accounts, auto after) { return accounts.groups(kReadAtOnce, after); });
}

Group Directory::group(const Caller& caller, std::int64_t id) {
    require(caller, Power::read, "read groups");
    std::optional<Group> group;
    read(store_, [&](store::Snapshot& seen) { group = seen.accounts().group(id); });
    if (!group) throw not_found("Group", id);
    return *std::move(group);
}

}  // namespace foliot::service

#include "service/token_uses.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <exception>
#include <span>
#include <string>
#include <vector>

namespace foliot::service {
namespace {

constexpr Micros kMinute = 60 * kSecond;
constexpr std::size_t kRowsAUnit = 200;

}  // namespace

void TokenUses::note(std::int64_t token) {
    const Micros minute = clock_.now() / kMinute * kMinute;
    bool tell = false;
    {
        const std::lock_guard lock(mutex_);
        used_[token] = minute;
        tell = !told_;
        told_ = true;
    }
    if (tell && tell_) tell_();
}

void TokenUses::flush() {
    std::vector<store::TokenUse> uses;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [token, at] : used_) uses.push_back({token, at});
        used_.clear();
        told_ = false;
    }
    while (!uses.empty()) {
        const auto first = uses.end() - static_cast<std::ptrdiff_t>(std::min(uses.size(), kRowsAUnit));
        try {
            const std::vector<store::TokenUse> some(first, uses.end());
            store_.write(store::Store::Class::bulk, [&](store::Tx& tx) { tx.accounts().mark_used(some); });
        } catch (const std::exception& e) {
            log::warning("token-uses-not-stored",
                         std::string("the last use of tokens cannot be written now: ") + e.what());
            const std::lock_guard lock(mutex_);
            for (const auto& [token, at] : uses) used_.emplace(token, at);
            return;
        }
        uses.erase(first, uses.end());
    }
}

}  // namespace foliot::service

#include "store/sqlite/hooks.hpp"

namespace foliot::store::sqlite {
namespace {
[[noreturn]] void later() { throw std::logic_error("webhooks are not stored yet"); }
}  // namespace

std::optional<Hook> find_hook(Connection&, std::int64_t) { later(); }
std::optional<Hook> find_hook_of(Connection&, JobKey) { return std::nullopt; }
std::vector<Hook> find_hooks(Connection&, const HookFilter&) { later(); }
std::vector<Hook> find_hooks_for(Connection&, std::string_view) { return {}; }
std::int64_t count_hooks(Connection&) { later(); }
std::vector<RunId> find_endings(Connection&, std::size_t) { return {}; }
std::int64_t add_hook(Work&, const Hook&) { later(); }
void change_hook(Work&, const Hook&) { later(); }
void remove_hook(Work&, std::int64_t) { later(); }
void want_endings(Work&, const std::vector<RunState>&) { later(); }
void forget_ending(Work&, RunId) { later(); }

}  // namespace foliot::store::sqlite

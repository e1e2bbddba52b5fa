// Webhooks, and the ends that they are to be told of.
#pragma once

#include "store/hooks.hpp"
#include "store/sqlite/work.hpp"

namespace foliot::store::sqlite {

std::optional<Hook> find_hook(Connection& db, std::int64_t id);
std::optional<Hook> find_hook_of(Connection& db, JobKey job);
std::vector<Hook> find_hooks(Connection& db, const HookFilter& filter);
std::vector<Hook> find_hooks_for(Connection& db, std::string_view event);
std::int64_t count_hooks(Connection& db);
std::vector<RunId> find_endings(Connection& db, std::size_t limit);
std::int64_t add_hook(Work& work, const Hook& hook);
void change_hook(Work& work, const Hook& hook);
void remove_hook(Work& work, std::int64_t id);
void want_endings(Work& work, const std::vector<RunState>& states);
void forget_ending(Work& work, RunId run);

/// The reading half of `Interface`; every call goes through `guard(body)`.
template <class Interface, class Guard>
class HookReads : public Interface {
  public:
    HookReads(Connection& db, Guard guard) : db_(db), guard_(guard) {}

    std::optional<Hook> hook(std::int64_t id) override {
        return guard_([&] { return find_hook(db_, id); });
    }
    std::optional<Hook> hook_of(JobKey job) override {
        return guard_([&] { return find_hook_of(db_, job); });
    }
    std::vector<Hook> hooks(const HookFilter& filter) override {
        return guard_([&] { return find_hooks(db_, filter); });
    }
    std::vector<Hook> hooks_for(std::string_view event) override {
        return guard_([&] { return find_hooks_for(db_, event); });
    }
    std::int64_t hook_count() override {
        return guard_([&] { return count_hooks(db_); });
    }
    std::vector<RunId> endings(std::size_t limit) override {
        return guard_([&] { return find_endings(db_, limit); });
    }

  private:
    Connection& db_;
    Guard guard_;
};

class UnitHooks final : public HookReads<Hooks, Unguarded> {
  public:
    explicit UnitHooks(Work& work) : HookReads(work.db, Unguarded{}), work_(work) {}

    std::int64_t add(const Hook& hook) override { return add_hook(work_, hook); }
    void change(const Hook& hook) override { change_hook(work_, hook); }
    void remove_hook(std::int64_t id) override { sqlite::remove_hook(work_, id); }
    void want_endings(const std::vector<RunState>& states) override { sqlite::want_endings(work_, states); }
    void forget_ending(RunId run) override { sqlite::forget_ending(work_, run); }

  private:
    Work& work_;
};

}  // namespace foliot::store::sqlite

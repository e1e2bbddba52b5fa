// Which executions, jobs and modules changed lately, in order, for any number of readers who come and go.
#pragma once

#include "base/bell.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::service {

struct Change {
    enum class Kind { execution, job, module } kind = Kind::execution;
    std::int64_t ref = 0;  ///< run id, job key, or number of a module's row
    std::uint64_t n = 0;   ///< its number, from 1 on in each life of the server
};

/// A ring of the last ones. Thread-safe; who writes never waits for a reader, and pays for those who wait only.
class Changes {
  public:
    class Reader;
    static constexpr std::size_t kCapacity = 65'536;

    explicit Changes(std::size_t capacity = kCapacity);

    /// Of a store; other events than of changed rows mean nothing here. For the committing thread.
    void note(const store::Event& event);
    /// Names a change to those who come back: "BOOT-N". Another life of the server has another BOOT.
    std::string id_of(std::uint64_t n) const { return boot_ + "-" + std::to_string(n); }

  private:
    struct Entry {
        Change::Kind kind;
        std::int64_t ref;
    };
    std::uint64_t number_in(std::string_view id) const;
    bool is_kept(std::uint64_t n) const { return n <= last_ && last_ - n <= entries_.size(); }

    const std::string boot_;
    mutable std::mutex mutex_;
    std::vector<Entry> entries_;    // a ring: n stands at n % size
    std::uint64_t last_ = 0;        // noted
    std::vector<Reader*> readers_;  // all that there are
};

/// Used by one thread. Must not outlive the changes.
class Changes::Reader {
  public:
    /// Of what comes after `id`, or after now when there is none.
    Reader(Changes& changes, const std::optional<std::string>& id);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// The next ones, in order, of each thing only the last: those of a hundred or two, so that nobody waits for it.
    /// Nothing: some are not kept any more, or never were (`id` named none of them); it goes on from now.
    std::optional<std::vector<Change>> take();
    std::uint64_t position() const { return position_; }  ///< of the last one that was taken or passed over
    bool is_behind() const { return behind_; }            ///< there were more to take
    int news() const { return bell_.fd(); }               ///< readable when more came since

  private:
    friend class Changes;
    Changes& changes_;
    Bell bell_;
    std::uint64_t position_ = 0;
    bool lost_ = false, behind_ = false;
    bool rung_ = false;  // guarded by the changes' mutex
};

}  // namespace foliot::service

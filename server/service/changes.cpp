#include "service/changes.hpp"

#include "base/ids.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <utility>

namespace foliot::service {

namespace {

constexpr std::uint64_t kMostAtOnce = 256;

std::string random_name() {
    const auto key = PublicIds::random_key();
    return to_hex({reinterpret_cast<const char*>(key.data()), 8});
}

std::optional<Change::Kind> kind_of(store::Event::Kind event) {
    switch (event) {
        case store::Event::Kind::run_touched: return Change::Kind::execution;
        case store::Event::Kind::job_touched: return Change::Kind::job;
        case store::Event::Kind::module_touched: return Change::Kind::module;
        default: return std::nullopt;
    }
}

/// Of each thing the last change, which tells all: what became of it is looked up when it is told.
std::vector<Change> without_superseded(std::vector<Change> changes) {
    std::set<std::pair<Change::Kind, std::int64_t>> seen;
    std::vector<Change> last;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (seen.emplace(change->kind, change->ref).second) last.push_back(*change);
    }
    std::reverse(last.begin(), last.end());
    return last;
}

}  // namespace

Changes::Changes(std::size_t capacity) : boot_(random_name()), entries_(capacity) {}

void Changes::note(const store::Event& event) {
    const auto kind = kind_of(event.kind);
    if (!kind) return;
    const std::lock_guard lock(mutex_);
    ++last_;
    entries_[last_ % entries_.size()] = {*kind, event.ref};
    for (Reader* reader : readers_) {
        if (!std::exchange(reader->rung_, true)) reader->bell_.ring();
    }
}

/// One that cannot be for what is none of this life of the server.
std::uint64_t Changes::number_in(std::string_view id) const {
    constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();
    if (!id.starts_with(boot_ + "-")) return none;
    id.remove_prefix(boot_.size() + 1);
    std::uint64_t n = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), n);
    return error == std::errc() && end == id.data() + id.size() ? n : none;
}

Changes::Reader::Reader(Changes& changes, const std::optional<std::string>& id) : changes_(changes) {
    const std::lock_guard lock(changes_.mutex_);
    position_ = id ? changes_.number_in(*id) : changes_.last_;
    lost_ = !changes_.is_kept(position_);
    if (lost_) position_ = changes_.last_;
    behind_ = position_ < changes_.last_;
    changes_.readers_.push_back(this);
}

Changes::Reader::~Reader() {
    const std::lock_guard lock(changes_.mutex_);
    std::erase(changes_.readers_, this);
}

std::optional<std::vector<Change>> Changes::Reader::take() {
    std::vector<Change> changes;
    {
        const std::lock_guard lock(changes_.mutex_);
        if (lost_ || !changes_.is_kept(position_)) {
            lost_ = behind_ = false;
            position_ = changes_.last_;
            return std::nullopt;
        }
        const std::uint64_t end = std::min(changes_.last_, position_ + kMostAtOnce);
        for (std::uint64_t n = position_ + 1; n <= end; ++n) {
            const Entry& entry = changes_.entries_[n % changes_.entries_.size()];
            changes.push_back({entry.kind, entry.ref, n});
        }
        position_ = end;
        behind_ = end < changes_.last_;
        if (std::exchange(rung_, false)) bell_.clear();
    }
    return without_superseded(std::move(changes));
}

}  // namespace foliot::service

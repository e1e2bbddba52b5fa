#include "engine/prune.hpp"

#include "base/log.hpp"

namespace foliot::engine {
namespace {
constexpr Micros kPause = 60 * kSecond;
}

bool Prune::step() {
    const Micros now = clock_.now();
    if (now < next_ && now >= next_ - kPause) return false;  // a clock that was set back does not make it wait
    next_ = now + kPause;
    try {
        const bool more = store_.prune(retention()).more;
        if (more) next_ = now;
        return more;
    } catch (const store::StoreUnavailable&) {  // the turns say so
    } catch (const store::CommitUnknown& error) {
        log::warning("prune-unsure",
                     std::string("history was pruned, or not; the next look will tell: ") + error.what());
    }
    return false;
}

}  // namespace foliot::engine

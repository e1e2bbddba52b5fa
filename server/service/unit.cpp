#include "service/unit.hpp"

#include "base/error.hpp"

#include <string>

namespace foliot::service {
namespace {

Problem problem_of(store::Refused::Why why) {
    return why == store::Refused::Why::missing ? Problem::not_found : Problem::conflict;
}

[[noreturn]] void unavailable(const std::string& text) { throw RequestError(Problem::unavailable, text); }

}  // namespace

void write(store::Store& store, const std::function<void(store::Tx&)>& unit) {
    try {
        store.write(store::Store::Class::api, unit);
    } catch (const store::Refused& e) {
        throw RequestError(problem_of(e.why), e.what());
    } catch (const store::StoreUnavailable& e) {
        unavailable(std::string("the store cannot write now, nothing was changed: ") + e.what());
    } catch (const store::CommitUnknown& e) {
        unavailable(std::string("the store does not know whether the change was made, look before trying again: ") +
                    e.what());
    }
}

void read(store::Store& store, const std::function<void(store::Snapshot&)>& use) {
    try {
        use(*store.read());
    } catch (const store::StoreUnavailable& e) {
        unavailable(std::string("the store cannot be read now: ") + e.what());
    }
}

}  // namespace foliot::service

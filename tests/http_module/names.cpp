#include "names.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

namespace foliot::testing {
namespace {

struct Book {
    std::mutex mutex;
    std::condition_variable changed;
    std::map<std::string, std::vector<std::string>> addresses;
    std::set<std::string> hang;
    int hanging = 0;
};

Book& book() {
    static Book the_book;
    return the_book;
}

using Lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

int real(const char* name, const char* service, const addrinfo* hints, addrinfo** result) {
    static const auto next = reinterpret_cast<Lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return next(name, service, hints, result);
}

}  // namespace

Names::~Names() {
    release();
    const std::lock_guard lock(book().mutex);
    book().addresses.clear();
}

void Names::set(const std::string& name, std::vector<std::string> addresses) {
    const std::lock_guard lock(book().mutex);
    book().addresses[name] = std::move(addresses);
}

void Names::hang(const std::string& name) {
    const std::lock_guard lock(book().mutex);
    book().hang.insert(name);
}

void Names::release() {
    const std::lock_guard lock(book().mutex);
    book().hang.clear();
    book().changed.notify_all();
}

int Names::hanging() {
    const std::lock_guard lock(book().mutex);
    return book().hanging;
}

/// The addresses of a name of ours; none for others. Waits while the name hangs.
std::vector<std::string> look_up(const std::string& name) {
    std::unique_lock lock(book().mutex);
    ++book().hanging;
    book().changed.wait(lock, [&] { return !book().hang.contains(name); });
    --book().hanging;
    const auto found = book().addresses.find(name);
    return found == book().addresses.end() ? std::vector<std::string>() : found->second;
}

}  // namespace foliot::testing

/// In place of the C library's.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** result) {
    using foliot::testing::real;
    const auto addresses = foliot::testing::look_up(name == nullptr ? "" : name);
    if (addresses.empty()) return real(name, service, hints, result);
    *result = nullptr;
    addrinfo** tail = result;
    for (const std::string& address : addresses) {
        addrinfo numeric = hints == nullptr ? addrinfo{} : *hints;
        numeric.ai_family = AF_UNSPEC;
        numeric.ai_flags = AI_NUMERICHOST;
        if (const int error = real(address.c_str(), service, &numeric, tail); error != 0) return error;
        while (*tail != nullptr) tail = &(*tail)->ai_next;
    }
    return 0;
}

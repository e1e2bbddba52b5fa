// Use cases of tokens: everybody has his own; Admins see and end those of everybody.
#pragma once

#include "service/caller.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace foliot::service {

struct TokenWish {
    std::string name;
    Scope scope = Scope::read;
    std::optional<Micros> expires{};
    std::optional<std::int64_t> user{};  ///< nothing: the caller
};

struct NewToken {
    Token token;
    std::string secret;  ///< told this once
};

struct TokenQuery {
    enum class Of { me, user, all } of = Of::me;
    std::int64_t user = 0;  ///< of Of::user
    std::size_t limit = 1'000;
    std::int64_t after = 0;
};

/// Thread-safe. Every method throws RequestError, and then nothing was changed. Somebody else's token is not_found.
class Tokens {
  public:
    explicit Tokens(store::Store& store) : store_(store) {}

    store::Page<Token> list(const Caller& caller, const TokenQuery& query);
    Token get(const Caller& caller, std::int64_t id);
    /// Its scope is at most that of the credentials that make it, and it does not outlive them. conflict when the user
    /// has 200 already that have not ended.
    NewToken add(const Caller& caller, const TokenWish& wish);
    /// At once: the next request with it is nobody's. What was made with it goes, too, whose ever it is.
    void remove(const Caller& caller, std::int64_t id);
    std::int64_t remove_all(const Caller& caller, std::int64_t user);  ///< likewise; how many went

  private:
    store::Store& store_;
};

}  // namespace foliot::service

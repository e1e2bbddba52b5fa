// From a framed request to an answer: route, who is there, may they, handler. Every way out is an answer in the
// dialect's words.
#pragma once

#include "api/http/message.hpp"
#include "api/http/server.hpp"

#include <optional>
#include <string_view>
#include <variant>

namespace foliot::api {

/// Thread-safe; nothing here throws.
class Gate {
  public:
    Gate(const Router& router, const Authenticate& authenticate) : router_(router), authenticate_(authenticate) {}

    /// `request` comes with all but parameters, query and principal; `target` is its raw one.
    Response answer(Request& request, std::string_view target) const;
    /// That answer when the head decides it: no such route, nobody known, not allowed. The body need not have come.
    std::optional<Response> answer_to_head(Request& request, std::string_view target) const;
    /// Of a request that was admitted: would it be now, as the same? When that cannot be told: yes.
    bool still_admits(const Request& request, std::string_view target) const;
    Response refuse(const Refusal& refusal, std::string_view raw_path, std::string_view request_id) const;

  private:
    using Admission = std::variant<const Route*, Response>;  ///< an answer: not admitted

    enum class Body { to_come, here };
    Admission admit(Request& request, std::string_view target, Body body, const Dialect*& dialect) const;
    std::optional<Principal> who_is_there(const Match& match, const Evidence& evidence) const;
    template <class Result, class Act>
    Result spoken(const Request& request, const Act& act) const;
    std::optional<Principal> who_if_known(const Evidence& evidence) const;
    Response internal_error(const Request& request, const Dialect& dialect, std::string_view what) const;

    const Router& router_;
    const Authenticate& authenticate_;
};

}  // namespace foliot::api

// Contract cases as data: one file is one server and the exchanges with it, in order.
//
// {"settings": ["key=value"], "exchanges": [{"name", "method", "path", "status", ...}]}; of each exchange optional:
// "users": {"NAME": "viewer" | "operator" | "admin"} makes users beside admin before the server starts.
//   "as": "NAME" sends that user's token; "as_token": "{NAME}" a token that was saved; "basic": "NAME:PASSWORD" that;
//   "raw": the whole request as text, sent as it is; method and path then only tell what it is
//   "body": JSON to send; "raw_body": text to send as it is; "auth": false sends no token; "header": {name: value}
//   "expect": JSON that the answer must equal, with "<any>", "<id>" (32 hex digits), "<number>", "<seconds>", "<time>",
//   "<past>" (an instant before now), "<in 60>" (one in 60 seconds at most, but not in 30) and "<text>" for what
//   varies;
//     an object with the member "...": true may have more members than it names
//   "exact": the answer's text; "allow": the methods in Allow, as a set; "contains": a part of the answer's text
//   "answer_header": {name: value, or a mask}
//   "save": {"NAME": "path.to.0.member"} of the answer, later used as {NAME}, as is "save_header": {"NAME": "etag"} and
//   "save_cookie": "NAME", as a browser sends it back;
//   {NAME^} is the same in capitals; {token} is the admin's, {now+2} the instant in two seconds, {utc+2} the same as a
//   browser writes it
//   "until": true asks again until it fits; "ordered": true: members stand in the order of "expect", too
//   "server": "restart" or "kill" (and start) comes before the request
#pragma once

#include "base/json.hpp"
#include "support/http_client.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace foliot::testing {

std::vector<std::filesystem::path> case_files();

using Saved = std::map<std::string, std::string>;

/// "" when the reply is what the exchange says, else what differs.
std::string compare(const json::Value& exchange, const Reply& reply);

/// Where `actual` differs from `expected`; "" when it does not.
std::string difference(const json::Value& expected, const json::Value& actual, const std::string& where = "$");

std::string fill_in(std::string text, const Saved& saved);
void save(const json::Value& exchange, const Reply& reply, Saved& saved);

}  // namespace foliot::testing

// Requests that a page of another site makes a browser send (CSRF).
#pragma once

#include "api/http/router.hpp"

namespace foliot::api {

/// Was this sent by a page of another origin, with no more than what a browser adds by itself (nothing, or the password
/// that it remembers)? A token in the request proves that whoever sends it knows it. Programs other than browsers say
/// nothing of an origin.
bool is_cross_site(const Request& request);

/// Does a browser say that a page of this server sent it, or its user without any page?
bool is_same_origin(const Request& request);

/// Browsers say at least where from they send what changes something; programs have nothing to say of that.
bool may_be_a_page(const Request& request);

/// Does a browser ask whether a page of another origin may send a request (CORS)?
bool is_preflight(const Request& request);

}  // namespace foliot::api

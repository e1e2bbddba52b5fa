// One of the schedulers that a migration page leads away from, as far as the page asks it: it answers with what
// old/NAME.json has for docs/migrating/NAME.md, in the original's own shapes. {"GET /scheduler/jobs": body}
#pragma once

#include "http_module/web_server.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace foliot::testing {

class OldSystem {
  public:
    /// Of another page there is none.
    explicit OldSystem(const std::string& page);
    std::string url() const;
    /// What it could have been asked and was not.
    std::vector<std::string> unasked() const;

  private:
    std::map<std::string, std::string> answers_;  // before the server, which reads them
    std::unique_ptr<WebServer> server_;
};

}  // namespace foliot::testing

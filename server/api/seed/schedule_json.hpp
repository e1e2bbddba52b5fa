// Jobs of http:post as schedules.
#pragma once

#include "api/http/router.hpp"
#include "base/json.hpp"
#include "service/vault.hpp"
#include "store/store.hpp"

#include <string>

namespace foliot::api::seed {

/// The URLs are those of the request, which also says who may see the token.
class ScheduleWriter {
  public:
    ScheduleWriter(const Request& request, const service::Vault& vault) : request_(request), vault_(vault) {}

    /// `uid`: the job's.
    void write(json::Writer& writer, const store::JobRecord& record, const std::string& uid) const;

  private:
    std::string token(const std::string& stored, const store::JobRecord& record) const;
    std::optional<std::string> user_url(std::int64_t account) const;

    const Request& request_;
    const service::Vault& vault_;
};

/// `stored`: JSON, sealed or not.
bool may_read_token(const Principal& who, const std::string& stored, const store::JobRecord& record);

Schema schedule_schema();

/// "2026-11-21T00:16:01.861706Z"
std::string utc_time(Micros at);

}  // namespace foliot::api::seed

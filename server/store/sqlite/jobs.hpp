// Rows of the job table.
#pragma once

#include "store/sqlite/work.hpp"

#include <optional>
#include <string_view>

namespace foliot::store::sqlite {

/// The columns of JobState, in the order that job_state() reads them.
#define FOLIOT_JOB_COLUMNS \
    "j.key,j.rev,j.id,j.status,j.anchor,j.armed_at,j.cursor,j.next_fire,j.paused_at,j.runs_left,j.open_skip,j.lane"
inline constexpr int kJobColumns = 12;

struct JobRow {
    JobState state;
    std::int64_t lane = 0;
};

JobRow job_row(const Query& query);                                   ///< from its first kJobColumns columns
std::optional<JobRow> find_job(Connection& db, std::string_view id);  ///< unfinished
std::optional<JobRow> find_job(Connection& db, JobKey key);           ///< any status
JobRow get_job(Connection& db, JobKey key);                           ///< throws Refused{missing}

/// Creates or edits a job, with its definition under the next rev.
JobKey put_job(Work& work, const PublicIds& public_ids, const JobWrite& write, ExpectedRev expected);
void pause_job(Work& work, JobKey key);
void resume_job(Work& work, JobKey key, const Arming& arming);
void set_next_fire(Work& work, JobKey key, const Arming& arming);
void remove_job(Work& work, JobKey key);

}  // namespace foliot::store::sqlite

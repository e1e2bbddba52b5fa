// What a body says of a job's trigger, where it may say less than there is: who knows only the six cron fields sends
// back what was shown, and that changes nothing.
#pragma once

#include "api/apscheduler/trigger_fields.hpp"
#include "service/job_edit.hpp"

namespace foliot::api::ndscheduler {

/// Members of a body, which must outlive this.
struct TriggerWish {
    const json::Value* named = nullptr;  ///< `trigger`: a type, or an object with its type and its fields
    apscheduler::Given fields;           ///< beside it: month, hour, timezone, seconds...
};

/// A trigger named as it is shown is not meant; nor are cron fields that are as they are shown. What is left counts:
/// the named one; else the cron fields make the trigger anew, with zone, range, year, week and second as they were.
/// Throws RequestError (invalid) naming the field, also when both are meant and do not say the same.
service::TriggerEdit trigger_edit(TriggerWish wish, trigger::ZonePtr zone);

}  // namespace foliot::api::ndscheduler

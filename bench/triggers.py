#!/usr/bin/python3
"""Next fires by APScheduler and croniter (Debian's python3-apscheduler and python3-croniter): a JSON object of
microseconds each, by pattern, in UTC and in Berlin."""
import json
import sys
import time
from datetime import datetime, timedelta

import pytz
from apscheduler.triggers.cron import CronTrigger
from croniter import croniter

ROUNDS = 300


def apscheduler_step(line, zone, now):
    trigger = CronTrigger.from_crontab(line, timezone=zone)
    return lambda at: trigger.get_next_fire_time(None, at + timedelta(microseconds=1)), now


def croniter_step(line, zone, now):
    found = croniter(line, now)
    return lambda at: found.get_next(datetime), now


def micros(make, line, zone):
    step, at = make(line, zone, datetime(2026, 11, 21, tzinfo=pytz.utc).astimezone(zone))
    begin = time.perf_counter()
    for _ in range(ROUNDS):
        at = step(at)
    return (time.perf_counter() - begin) / ROUNDS * 1e6


def main():
    found = {}
    for name, make in (("apscheduler", apscheduler_step), ("croniter", croniter_step)):
        for line in sys.argv[1:]:
            for zone in ("UTC", "Europe/Berlin"):
                try:
                    found["%s|%s|%s" % (name, line, zone)] = micros(make, line, pytz.timezone(zone))
                except Exception as e:  # what it cannot do is told
                    found["%s|%s|%s" % (name, line, zone)] = str(e)
    print(json.dumps(found))


main()

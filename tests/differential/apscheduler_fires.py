#!/usr/bin/python3
"""Random cron fields and intervals with the fires that APScheduler gives them, a JSON object a line.

usage: apscheduler_fires.py SEED COUNT
"""
import json
import random
import sys
from datetime import datetime, timedelta

import pytz
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

FIRES = 20
ZONES = ["UTC", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland",
         "America/Santiago", "Africa/Casablanca", "Asia/Kathmandu"]
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
WEEKDAYS = "mon tue wed thu fri sat sun".split()
POSITIONS = "1st 2nd 3rd 4th 5th last".split()


def number(low, high):
    kind = random.random() if low < 2000 else random.uniform(0.3, 1)  # years end
    if kind < 0.1:
        return "*"
    if kind < 0.3:
        return "*/%d" % random.randint(1, high - low)
    first = random.randint(low, high)
    if kind < 0.6 or first == high:
        return str(first)
    if kind < 0.7:
        return "%d/%d" % (first, random.randint(1, high - first))
    last = random.randint(first + 1, high)
    step = "/%d" % random.randint(1, last - first) if random.random() < 0.4 else ""
    return "%d-%d%s" % (first, last, step)


def names(known):
    first = random.randrange(len(known))
    if random.random() < 0.5:
        return known[first]
    return "%s-%s" % (known[first], known[random.randrange(first, len(known))])


def day():
    kind = random.random()
    if kind < 0.1:
        return "last"
    if kind < 0.35:
        return "%s %s" % (random.choice(POSITIONS), random.choice(WEEKDAYS))
    return number(1, 31)


def listed(one):
    expressions = [one()]
    while random.random() < 0.25:
        expressions.append(one())
    return ",".join(expressions)


def fields():
    makers = [
        ("year", 0.1, lambda: number(2024, 2034)),
        ("month", 0.25, lambda: names(MONTHS) if random.random() < 0.3 else number(1, 12)),
        ("day", 0.35, day),
        ("week", 0.1, lambda: number(1, 53)),
        ("day_of_week", 0.3, lambda: names(WEEKDAYS) if random.random() < 0.5 else number(0, 6)),
        ("hour", 0.5, lambda: number(0, 23)),
        ("minute", 0.5, lambda: number(0, 59)),
        ("second", 0.3, lambda: number(0, 59)),
    ]
    given = {name: listed(make) for name, chance, make in makers if random.random() < chance}
    if given.keys() & {"month", "day", "week"}:  # else it looks for what never comes up to the year 9999
        given.setdefault("year", "2024-2036")
    return given


def fires(trigger, start):
    found, previous, now = [], None, start
    for _ in range(FIRES):
        previous = trigger.get_next_fire_time(previous, now)
        if previous is None:
            break
        found.append(previous.isoformat())
        now = previous + timedelta(microseconds=1)
    return found


def main():
    random.seed(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        zone = pytz.timezone(random.choice(ZONES))
        start = zone.normalize(datetime(2025, 1, 1, tzinfo=pytz.utc) + timedelta(
            seconds=random.randrange(8 * 365 * 86400), microseconds=random.choice([0, 1, 500000])))
        start = start.astimezone(zone)
        line = {"zone": zone.zone, "from": start.isoformat()}
        if random.random() < 0.1:
            line["seconds"] = random.choice([0.5, 1, 90, 3600, 86400, 12345.25])
            line["start"] = (start - timedelta(seconds=random.randrange(-10 ** 6, 10 ** 7))).isoformat()
            trigger = IntervalTrigger(seconds=line["seconds"], start_date=datetime.fromisoformat(line["start"]),
                                      timezone=zone)
        else:
            line["fields"] = fields()
            trigger = CronTrigger(timezone=zone, **line["fields"])
        try:
            line["fires"] = fires(trigger, start)
        except OverflowError:  # it looks past the last year that Python has
            continue
        print(json.dumps(line))


main()

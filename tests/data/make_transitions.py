#!/usr/bin/python3
"""Writes triggers_transitions.jsonl: every change of the clock from 2016 to 2036 in the zones below, and what fires
around it by the rule of docs/triggers.md, worked out with Python's zoneinfo alone.

    python3 tests/data/make_transitions.py > tests/data/triggers_transitions.jsonl

The first line names the release of the tz database. Of each change: its instant, the offsets before and after in
minutes, and for each line the window that was looked at and the fires in it, all in minutes after the change.
"""
import json
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

UTC = timezone.utc
MINUTE = timedelta(minutes=1)
SINCE = {"Pacific/Apia": 2011}  # the day that never was
ZONES = ["Europe/Berlin", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Santiago",
         "America/Sao_Paulo", "Pacific/Apia", "Antarctica/Troll", "Africa/Casablanca"]


def release():
    with open("/usr/share/zoneinfo/tzdata.zi") as text:
        return text.readline().split()[2]


def offset(zone, instant):
    return instant.astimezone(zone).utcoffset()


def changes(zone, begin, end):
    """(instant, offset before, offset after) of each, to the minute."""
    at, step = begin, timedelta(hours=12)
    while at < end:
        low, high = at, at + step
        if offset(zone, low) != offset(zone, high):
            while high - low > MINUTE:
                middle = low + (high - low) // 2 // MINUTE * MINUTE
                low, high = (middle, high) if offset(zone, middle) == offset(zone, low) else (low, middle)
            yield high, offset(zone, low), offset(zone, high)
        at += step


def fixed(zone, change, hour, minute, begin, end):
    """A fixed time fires once a day: in a gap at the first instant after it, a doubled one the first time."""
    instant, before, after = change
    fires = set()
    day = (begin - timedelta(days=2)).date()
    while day <= (end + timedelta(days=2)).date():
        local = datetime(day.year, day.month, day.day, hour, minute)
        first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if first.astimezone(zone).replace(tzinfo=None) == local:
            fires.add(first)
        else:  # this change's gap: no other is near
            assert instant + before <= local.replace(tzinfo=UTC) < instant + after
            fires.add(instant)
        day += timedelta(days=1)
    return sorted(at for at in fires if begin < at <= end)


def real_time(zone, step, hour, begin, end):
    """Any other pattern follows real time: what comes twice fires twice, what does not exist does not fire."""
    found = []
    at = begin + MINUTE
    while at <= end:
        local = at.astimezone(zone)
        if local.minute % step == 0 and hour in (None, local.hour):
            found.append(at)
        at += MINUTE
    return found


def around(zone, change):
    """(line, window, fires) of each."""
    instant, before, after = change
    middle = instant + (before + after) / 2  # of the gap, or of what comes twice, in local time
    day, near = timedelta(hours=30), timedelta(minutes=100)
    for hour, minute in dict.fromkeys([(middle.hour, middle.minute), (0, 0)]):
        yield "%d %d * * *" % (minute, hour), day, fixed(zone, change, hour, minute, instant - day, instant + day)
    yield "*/30 * * * *", near, real_time(zone, 30, None, instant - near, instant + near)
    yield "*/20 %d * * *" % middle.hour, day, real_time(zone, 20, middle.hour, instant - day, instant + day)


def main():
    def write(line):
        print(json.dumps(line, separators=(",", ":")))

    write({"tz": release()})
    for name in ZONES:
        zone = ZoneInfo(name)
        begin, end = datetime(SINCE.get(name, 2016), 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
        for change in changes(zone, begin, end):
            instant, before, after = change
            fires = {line: {"window": window // MINUTE, "fires": [(at - instant) // MINUTE for at in found]}
                     for line, window, found in around(zone, change)}
            write({"zone": name, "at": instant.strftime("%Y-%m-%dT%H:%MZ"), "before": before // MINUTE,
                   "after": after // MINUTE, "lines": fires})


main()

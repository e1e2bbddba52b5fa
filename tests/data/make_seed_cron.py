#!/usr/bin/env python3
"""Writes seed_cron.jsonl: what the recorded crontab definitions of Seed Scheduler come to here.

Reads the definitions, with the original's verdict, from the standard input (a JSON object a line: definition, status,
error) and adds the first fires of those that are taken, found by trying every minute or second in plain Python.
"""
import calendar
import datetime
import json
import sys

START = datetime.datetime(2026, 11, 21, 0, 16)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()
NICKNAMES = {"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
             "@daily": "0 0 * * *", "@hourly": "0 * * * *"}
REFUSED = {"* * 31 2 *": "no date ever matches", "١ * * * *": "invalid range specifier"}


def values(text, low, high, names=(), base=0):
    """None: any."""
    chosen = set()
    for item in text.lower().split(","):
        if item in ("*", "?"):
            return None
        if item.startswith("l"):
            continue
        span, _, step = item.partition("/")
        first, dash, last = span.partition("-")
        number = lambda word: names.index(word) + base if word in names else int(word)
        if span == "*":
            ends = (low, high)
        elif dash:
            ends = (number(first), number(last))
            if names is DAYS and ends[1] == 0:
                ends = (ends[0], 7)
        else:
            ends = (number(first), high if step else number(first))
        chosen |= set(range(ends[0], ends[1] + 1, int(step or 1)))
    return {n % 7 for n in chosen} if names is DAYS else chosen


def last_days(text):
    """Weekdays of which the last in the month counts."""
    chosen = set()
    for item in text.lower().split(","):
        if len(item) > 1 and item.startswith("l"):
            first, _, last = item[1:].partition("-")
            chosen |= {n % 7 for n in range(int(first), int(last or first) + 1)}
    return chosen


def fires(definition, count=6):
    words = NICKNAMES.get(definition, definition).split()
    five = len(words) == 5
    second = words.pop(0) if len(words) == 7 else "0"
    year = words.pop() if len(words) == 6 else "*"
    minute, hour, day, month, weekday = words
    fits = lambda chosen, n: chosen is None or n in chosen
    seconds, minutes, hours = values(second, 0, 59), values(minute, 0, 59), values(hour, 0, 23)
    months, years = values(month, 1, 12, MONTHS, 1), values(year, 1970, 2099)
    days, weekdays = values(day, 1, 31), values(weekday, 0, 6, DAYS)
    free = lambda text, chosen: chosen is None or text.startswith("*")
    either_will_do = five and not free(day, days) and not free(weekday, weekdays)
    found = []
    at = START.date()
    while len(found) < count and at.year < 2110:
        length = calendar.monthrange(at.year, at.month)[1]
        of_week = (at.weekday() + 1) % 7
        by_day = fits(days, at.day) or ("l" in day.lower().split(",") and at.day == length)
        by_weekday = fits(weekdays, of_week) or (of_week in last_days(weekday) and at.day + 7 > length)
        if fits(years, at.year) and fits(months, at.month) and (
                (by_day or by_weekday) if either_will_do else (by_day and by_weekday)):
            for n in range(86400):
                if fits(hours, n // 3600) and fits(minutes, n // 60 % 60) and fits(seconds, n % 60):
                    fire = datetime.datetime(at.year, at.month, at.day) + datetime.timedelta(seconds=n)
                    if fire > START and len(found) < count:
                        found.append(fire.isoformat() + "+00:00")
        at += datetime.timedelta(days=1)
    return found


def main():
    for line in sys.stdin:
        recorded = json.loads(line)
        definition = recorded["definition"]
        case = {"definition": definition}
        if definition in REFUSED:
            case["refused"] = REFUSED[definition]
        elif recorded["status"] == 400:
            case["error"] = recorded["error"][0]
        elif not definition.strip():
            case["none"] = True
        else:
            case["fires"] = fires(definition.strip())
        print(json.dumps(case, ensure_ascii=False))


main()

"""Visitors' hours in the demonstration: each one is in one place at a time."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from atre.jobs.demonstration.fates import at, working_day

HOURS = ((9, 30), (14, 0), (11, 15), (16, 0))


class Diary:
    """Hours already taken, by visitor."""

    def __init__(self) -> None:
        self.taken: dict[int, set[datetime]] = defaultdict(set)

    def book(self, visitors: list[int], *, wish: date) -> datetime:
        """The first hour, on the day wished or the working days after, that is free for all."""
        day = wish
        while True:
            for hour, minute in HOURS:
                moment = at(day, hour, minute)
                if all(moment not in self.taken[visitor] for visitor in visitors):
                    for visitor in visitors:
                        self.taken[visitor].add(moment)
                    return moment
            day = working_day(day + timedelta(days=1))

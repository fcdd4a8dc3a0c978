"""A small load generator for loopback: threads with one kept connection each, and honest times."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle

GRACE_SECONDS = 5


@dataclass
class Measure:
    """Durations in milliseconds of the answers that came, and how many were not what was asked."""

    durations: list[float] = field(default_factory=list)
    errors: int = 0
    unserved: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.durations) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Nearest rank; NaN when nothing was answered."""
        ordered = sorted(self.durations)
        if not ordered:
            return float("nan")
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Call:
    """One page for one session."""

    page: str
    path: str
    cookie: str


def saturate(port: int, calls: Sequence[Call], *, clients: int, seconds: float) -> Measure:
    """As fast as `clients` browsers that never think can go: what the machine holds at most."""
    measure, lock, turn = Measure(), threading.Lock(), cycle(calls)
    end = time.perf_counter() + seconds

    def client() -> None:
        connection = open_connection(port)
        while time.perf_counter() < end:
            with lock:
                call = next(turn)
            started = time.perf_counter()
            good = answered(connection, call)
            keep(measure, lock, good, started)

    _together(client, clients)
    measure.seconds = seconds
    return measure


def at_rate(
    port: int, calls: Sequence[Call], *, per_second: float, clients: int, seconds: float
) -> dict[str, Measure]:
    """Arrivals at a constant rate whatever the answers do, by page.

    A time counts from the moment the request was due, so that a server that falls behind shows it.
    What is still waiting `GRACE_SECONDS` after the end is given up and counted as unserved.
    """
    measures = {call.page: Measure() for call in calls}
    lock, turn, rank = threading.Lock(), cycle(calls), count()
    begins = time.perf_counter() + 0.2

    def client() -> None:
        connection = open_connection(port)
        while True:
            with lock:
                due, call = begins + next(rank) / per_second, next(turn)
            if due > begins + seconds:
                return
            if time.perf_counter() > begins + seconds + GRACE_SECONDS:
                with lock:
                    measures[call.page].unserved += 1
                continue
            time.sleep(max(0.0, due - time.perf_counter()))
            good = answered(connection, call)
            keep(measures[call.page], lock, good, due)

    _together(client, clients)
    spent = time.perf_counter() - begins
    for measure in measures.values():
        measure.seconds = spent
    return measures


def open_connection(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def answered(connection: http.client.HTTPConnection, call: Call) -> bool:
    """Whether the page came whole with status 200."""
    try:
        connection.request("GET", call.path, headers={"Cookie": call.cookie})
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return False
    return response.status == 200


def keep(measure: Measure, lock: threading.Lock, good: bool, started: float) -> None:
    spent = (time.perf_counter() - started) * 1000
    with lock:
        if good:
            measure.durations.append(spent)
        else:
            measure.errors += 1


def _together(client: Callable[[], None], clients: int) -> None:
    threads = [threading.Thread(target=client, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def interleaved(by_page: dict[str, Sequence[Call]], weights: dict[str, int]) -> Iterator[Call]:
    """A day's mix: each page as often as its weight, sessions in turn."""
    turns = {page: cycle(calls) for page, calls in by_page.items()}
    for page, weight in weights.items():
        for _ in range(weight):
            yield next(turns[page])

"""Slowing down machines on public pages, without keeping anyone's network address."""

import time
from collections import deque
from threading import Lock

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

MOST_KEPT = 10_000


def _origin(request: HttpRequest) -> str:
    """A keyed digest of where the request comes from: counts, and cannot be read back."""
    address = get_adapter().get_client_ip(request)
    return salted_hmac("atre.web.throttle", address, algorithm="sha256").hexdigest()[:24]


def too_many(request: HttpRequest, *, action: str, most: int, seconds: int) -> bool:
    """Count one more `action` from this origin; True once `most` were made in the window.

    Shared by all server processes through the cache. For what is rare and worth a database write.
    """
    window = int(time.time()) // seconds
    key = f"throttle:{action}:{window}:{_origin(request)}"
    if cache.add(key, 1, timeout=seconds):
        return most < 1
    try:
        count = cache.incr(key)
    except ValueError:
        # The window ended between the two calls.
        return False
    return bool(count > most)


class Bucket:
    """The same in this process's memory: for suggestions, asked at each key press."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self.asked: dict[str, deque[float]] = {}
        self.lock = Lock()

    def is_full(self, request: HttpRequest) -> bool:
        """Count one more question; True when this origin asked `most` in the last `seconds`."""
        now = time.monotonic()
        with self.lock:
            if len(self.asked) > MOST_KEPT:
                self.asked.clear()
            times = self.asked.setdefault(_origin(request), deque())
            while times and times[0] <= now - self.seconds:
                times.popleft()
            if len(times) >= self.most:
                return True
            times.append(now)
            return False

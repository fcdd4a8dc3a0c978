"""Verifying one passphrase again and again, in a process of its own."""

import time

PASSPHRASE = "une phrase de passe de mesure"


def verify_for(hasher: str, seconds: float) -> float:
    """Verifications per second of one process; the first one, which loads the library, not counted."""
    instance = made(hasher)
    encoded = instance.encode(PASSPHRASE, instance.salt())
    if not instance.verify(PASSPHRASE, encoded):
        raise AssertionError("a hasher that refuses its own hash measures nothing")
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        instance.verify(PASSPHRASE, encoded)
        done += 1
    return done / spent


def made(hasher: str):
    """An instance of the hasher named; Django only needs to know that it is configured."""
    from django.conf import settings
    from django.utils.module_loading import import_string

    if not settings.configured:
        settings.configure(PASSWORD_HASHERS=[hasher])
    return import_string(hasher)()

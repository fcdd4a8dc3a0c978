"""Argon2id set for the morning rush: 700 people log in within two minutes on two cores."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """OWASP's second recommended setting: 19 MiB, two passes, one lane.

    Django's default (100 MiB, eight lanes) sustains about 3 logins a second on two cores,
    this one more than 25 (benchmarks/login.py). Source: OWASP Password Storage Cheat Sheet.
    """

    algorithm = "argon2"
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

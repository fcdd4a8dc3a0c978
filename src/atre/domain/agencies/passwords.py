"""Argon2id set for the morning rush, when a whole network logs in at once."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """OWASP's second recommended setting: 19 MiB, two passes, one lane.

    About eight times the logins a second of Django's default (100 MiB, eight lanes), both in
    the same run of benchmarks/login.py. Source: OWASP Password Storage Cheat Sheet.
    """

    algorithm = "argon2"
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

"""The floor: the same database and libraries, no session, no template."""

from atre.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.support.floor"
# allauth refuses to start without it; it only sets an attribute of the request.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]

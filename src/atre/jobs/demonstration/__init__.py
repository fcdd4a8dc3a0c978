"""The demonstration: four agencies on real territories, everyone in them invented."""

from atre.jobs.demonstration.accounts import accounts
from atre.jobs.demonstration.loading import is_loaded, load

__all__ = ["accounts", "is_loaded", "load"]

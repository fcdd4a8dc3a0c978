"""How long a household's file is kept once nobody speaks with it any more."""

from datetime import date, timedelta

# CNIL, délibération 2023-095: two years after the last contact.
KEPT_AFTER_LAST_CONTACT = timedelta(days=2 * 365 + 1)
# The household is told this long before its file is erased.
NOTICE = timedelta(days=30)


def is_over(last_contact_on: date, *, on: date) -> bool:
    """Whether a file whose last contact was that day is no longer to be kept."""
    return last_contact_on <= on - KEPT_AFTER_LAST_CONTACT

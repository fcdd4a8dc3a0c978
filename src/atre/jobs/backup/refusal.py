"""Why a backup was not taken or not put back."""


class BackupRefused(Exception):
    """The message is for the person at the keyboard: what is wrong, where, what to do."""

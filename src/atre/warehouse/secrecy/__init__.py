"""Secrecy over the observatory's tables: what others hid, bounded; what we release, attacked first."""

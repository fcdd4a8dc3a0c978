"""Âtre, the open platform of local energy and climate agencies."""

__version__ = "0.1.0"

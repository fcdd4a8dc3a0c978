"""Screens: one folder a public, and `design` for what they share."""

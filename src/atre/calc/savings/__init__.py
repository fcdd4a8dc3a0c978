"""Savings in three tiers that are never mixed: estimated, declared, measured."""

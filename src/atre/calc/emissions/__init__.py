"""Greenhouse gases of energy, by dated factors."""

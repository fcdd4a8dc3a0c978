"""Figures about territories: sources kept, marts built from them, one gate out."""

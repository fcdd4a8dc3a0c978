"""Aids and their conditions, judged by the rules of the deposit date."""

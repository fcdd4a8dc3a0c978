"""Screens of appointments and visits."""

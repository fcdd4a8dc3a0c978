"""Views of this room, one subject a module."""

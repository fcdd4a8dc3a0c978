"""Writing what follows a visit, one subject a module."""

"""Base templates, components, styles and small scripts that every screen shares."""

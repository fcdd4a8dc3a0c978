"""What an agency's cases add up to: readings only, no table of its own."""

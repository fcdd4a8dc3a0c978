"""Rules and physics: pure functions on arrays. No Django, no network, no clock."""

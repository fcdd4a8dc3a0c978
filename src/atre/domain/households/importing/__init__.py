"""Taking over the cases that an agency kept elsewhere."""

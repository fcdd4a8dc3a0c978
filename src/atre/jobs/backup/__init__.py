"""A backup that can be trusted: whole, verified when it is read, and put back by one command."""

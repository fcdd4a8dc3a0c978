"""From publishers' rows to ours: our units, today's communes, and what became of each row."""

"""What changes a case. Each action is one transaction and leaves one entry in the journal."""

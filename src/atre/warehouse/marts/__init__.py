"""What pages read: one row a territory, year, indicator and cutting."""

"""The observatory's figures for other programs: read only, without account, nothing of any agency."""

"""Which function a file of cases calls: each module here has `RUNNERS`, name → callable."""

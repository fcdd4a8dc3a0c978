"""What follows a visit: orientations, reinforced support, the year after."""

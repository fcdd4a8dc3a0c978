"""The map of communes: what is asked, the values coloured, their classes, the tiles they lie on."""

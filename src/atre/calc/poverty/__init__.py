"""Energy poverty: effort ratio, consumption units, and a programme's own test of having left it."""

"""The territorial observatory: public pages of figures, each followed down to its rows."""

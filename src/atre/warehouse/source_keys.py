"""Keys of what feeds the indicators: the formats of files, what is installed, what is computed here."""

ORE = ("ore_consumption", "ore_consumption_wide")
SDES = ("sdes_local_energy", "sdes_addresses")
MAPPED = "mapped_columns"
# The first that has a year is taken for it: two publishers of one year are never added.
CONSUMPTION = (*ORE, *SDES, MAPPED)

"""What a dwelling uses, estimated from what a visitor can see: an adviser's estimate, not a DPE."""

"""What comes in: official files, received once and kept as rows; tables installed with the product."""

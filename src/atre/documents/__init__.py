"""What is printed: visit report and letters."""

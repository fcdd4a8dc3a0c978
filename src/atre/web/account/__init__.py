"""Sign-in, password and second factor: allauth's pages in our words and our look."""

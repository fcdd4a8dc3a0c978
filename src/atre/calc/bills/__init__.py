"""Energy bills: what they cover, what they hold in kWh and euros, and when they make a year."""

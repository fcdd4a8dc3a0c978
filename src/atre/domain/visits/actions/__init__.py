"""What changes agendas, appointments, visits and their reports. One transaction and one journal entry each."""

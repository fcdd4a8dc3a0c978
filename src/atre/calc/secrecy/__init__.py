"""Statistical secrecy: what may be published, what an attacker computes, what stays hidden."""

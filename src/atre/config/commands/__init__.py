"""One module a command of ./atre; the contract is in `atre.config.cli`."""

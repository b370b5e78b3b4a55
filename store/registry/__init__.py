"""The network and its devices: import, export, check, and what measures where."""

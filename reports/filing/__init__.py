"""Which reports are due, how they are made, and where they are filed."""

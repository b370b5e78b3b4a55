"""What was promised to whom by when: measurement tasks and their legal clocks."""

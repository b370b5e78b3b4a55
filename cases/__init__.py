"""What was promised to whom by when: tasks and their legal clocks."""

"""Real servers for the tests: each on a free loopback port, in its own folder, ended with the test."""

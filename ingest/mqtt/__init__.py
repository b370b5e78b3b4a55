"""The broker, the connection to it, and the worker that keeps what comes in."""

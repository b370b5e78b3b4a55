"""The words: quantities, readings, time, money, the network's tree. No I/O, imports no other room."""

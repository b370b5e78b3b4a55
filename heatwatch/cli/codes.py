"""Exit codes: a contract (DESIGN section 8)."""

DONE = 0
BUG = 1  # of ours
WRONG_CALL = 2
SOME_REFUSED = 3
NO_SERVER = 4
ANSWER_IS_NO = 5
STOPPED = 130  # by Ctrl-C, as shells have it

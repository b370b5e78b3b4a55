"""Exit codes: a contract (DESIGN section 8). 1 is a bug of ours."""

DONE = 0
WRONG_CALL = 2
SOME_REFUSED = 3
NO_SERVER = 4
ANSWER_IS_NO = 5

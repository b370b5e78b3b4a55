"""Work that is tried again while a server that it needs is missing."""

import threading
from collections.abc import Callable

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_when_event_set,
    wait_exponential,
)

#: Waits after a failure, doubled each time; the longest is short, so that a repaired server is
#: noticed soon. [s]
SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0


def retrying(stop: threading.Event, report: Callable[[BaseException], None]) -> Retrying:
    """Calls work until it goes well; `report` gets what went wrong, before each wait.

    Raises tenacity's RetryError once `stop` is set, and HeldBy at once: a lost lock ends the work.
    """

    def before_sleep(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if error is not None:
            report(error)

    return Retrying(
        retry=retry_if_exception_type(Exception),  # one worker's fault must not stop the others
        wait=wait_exponential(multiplier=SHORTEST_WAIT_S, max=LONGEST_WAIT_S),
        stop=stop_when_event_set(stop),
        sleep=sleep_using_event(stop),
        before_sleep=before_sleep,
    )

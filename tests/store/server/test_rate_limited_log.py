"""Trouble is said at once and then ever less often."""

from domain.language import msg
from store.server.rate_limited_log import RateLimitedLog


def test_what_goes_on_is_said_at_growing_intervals_and_at_once_after_it_was_over() -> None:
    said: list[tuple[float, str]] = []
    at = 0.0
    warn = RateLimitedLog(lambda line: said.append((at, line)), clock=lambda: at)
    for second in range(0, 900, 10):
        at = float(second)
        warn.say("the disk is away")
    assert said == [(each, "the disk is away") for each in (0.0, 60.0, 180.0, 420.0)]
    warn.over("going on")
    warn.over("going on")
    warn.say("the disk is away")
    assert [line for _, line in said[4:]] == ["going on", "the disk is away"]


def test_two_troubles_by_turns_are_two_lines_and_what_had_passed_is_new() -> None:
    said: list[str] = []
    at = 0.0
    warn = RateLimitedLog(said.append, clock=lambda: at)
    for second in range(50):
        at = float(second)
        warn.say(f"trouble {second % 2}")
    assert said == ["trouble 0", "trouble 1"]
    at = 200.0
    warn.say("trouble 0")
    assert len(said) == 3


def test_a_sentence_with_the_same_values_is_the_same_line() -> None:
    said: list[object] = []
    warn = RateLimitedLog(said.append, clock=lambda: 0.0)
    for why in ("away", "away", "full"):
        warn.say(msg("alerts: {why}", why=why))
    assert [str(each) for each in said] == ["alerts: away", "alerts: full"]
    warn.over(msg("alerts: going on"))
    assert str(said[-1]) == "alerts: going on"

"""The facts behind a letter as a reader's language says them: requests, measurements, outages, ..."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from analytics.law.clauses import clause_in
from domain.formats import Formats
from domain.recorded import OPERATOR, USER
from domain.time import HOUR_US, to_us
from reports.letters.letter import Asked, Letter, Measured, Outage, Sensor
from reports.letters.unknown_words import told_unknown


class Evidence:
    """A letter's facts in one language; `w` says its words, `room_name` what a room is called."""

    def __init__(
        self,
        letter: Letter,
        formats: Formats,
        w: Callable[..., str],
        room_name: Callable[[str], str],
    ) -> None:
        self.letter = letter
        self.f = formats
        self.w = w
        self._room_name = room_name

    def _clause_of(self, clause: str) -> str:
        return clause_in(clause, self.f.language, self.letter.terms.title.zh)

    def told(self) -> dict[str, list[str]]:
        """Kind of fact -> a sentence of each."""
        facts = self.letter.facts
        return {
            "requests": [*self._requests()],
            "measured": [self._measured(each) for each in facts.measured],
            "refused": [
                _parts(self.f.instant(each.at), self._evidence(each.evidence))
                for each in facts.refused
            ],
            "outages": [self._outage(each) for each in facts.outages],
            "faults": [
                _parts(self._span(each.since, each.until), self._clause_of(each.clause),
                            self._evidence(each.evidence))
                for each in facts.faults
            ],
            "unknown": [*self._unknown()],
            "sensors": [self._sensor(each) for each in facts.sensors] or [self.w("no_sensor")],
        }  # fmt: skip

    def _requests(self) -> Iterator[str]:
        own = self.letter
        for each in own.facts.requests:
            by = self.w("by_name", name=each.by) if each.by else ""
            became = [text.to(self.f.language) for text in each.became]
            yield _parts(self.f.instant(each.at), by, *became, self._visit(each))
        if own.consent:
            yield self.w("consent")
        if not own.facts.requests and not own.consent:
            yield self.w("no_request")

    def _visit(self, each: Asked) -> str:
        """By when somebody had to come to measure, and when somebody came."""
        if each.due is None:
            return ""
        sla = self.letter.terms.sla
        clause = "" if sla is None else self._clause_of(sla.measure_clause or sla.clause)
        limit = {"due": self.f.instant(each.due), "clause": clause}
        if each.came is None:
            stood = each.ended is None or each.ended >= each.due
            late = stood and each.due.astimezone(self.f.zone).date() < self.letter.dated
            return self.w("nobody_came" if late else "visit_due", **limit)
        limit["came"] = self.f.instant(each.came)
        if each.came <= each.due:
            return self.w("came_in_time", **limit)
        hours = Decimal(to_us(each.came) - to_us(each.due)) / HOUR_US
        return self.w("came_late", hours=self.f.number(hours, 1), **limit)

    def _measured(self, each: Measured) -> str:
        needed, hours = self.letter.terms.records, self.letter.terms.closed_hours()
        signed = self.w("signed", names=each.signed_by) if each.signed_by else self.w("unsigned")
        celsius = self.w("celsius", number=self.f.number(each.celsius))
        if hours is not None and not in_open_hours(self.letter, each):
            out = self.w(
                "at_closed_hours", since=hours.since, until=hours.until,
                clause=self._clause_of(hours.clause),
            )  # fmt: skip
            return _parts(self._room_name(each.room), self.f.instant(each.at), celsius, signed, out)
        if needed is None or counts(self.letter, each):
            return _parts(self._room_name(each.room), self.f.instant(each.at), celsius, signed)
        lacks = self.w(
            "uncounted", count=each.signatures, needed=needed.signatures or 0,
            clause=self._clause_of(needed.clause),
        )  # fmt: skip
        return _parts(self._room_name(each.room), self.f.instant(each.at), celsius, signed, lacks)

    def _outage(self, each: Outage) -> str:
        flags = (
            self.w("planned") if each.planned else "",
            self.w("by_user") if each.by_user else "",
            self.w(each.cause) if each.cause not in {OPERATOR, USER} else "",
            self.w("announced", at=self.f.instant(each.announced_at)) if each.announced_at else "",
        )
        name = each.name.of(self.f.language) or each.place
        evidence = self._evidence(each.evidence) if each.evidence else ""
        return _parts(self._span(each.since, each.until), name, *flags, evidence)

    def _evidence(self, what: str) -> str:
        return self.w("evidence", what=what) if what else self.w("no_evidence")

    def _unknown(self) -> Iterator[str]:
        own = self.letter
        if own.curve is None:
            yield self.w("no_reading")
        yield from told_unknown(own.unknown, own.judged_by, self.f, self._room_name)

    def _sensor(self, each: Sensor) -> str:
        certificates = [self._certificate(c.since, c.until, c.document) for c in each.certificates]
        if not certificates:
            certificates = [self.w("verified" if each.verified else "unverified")]
        placed = self._placed(each)
        device = " ".join(filter(None, (each.model, each.device)))
        return _parts(self._room_name(each.room), device, placed, *certificates)

    def _placed(self, each: Sensor) -> str:
        """Since when and until when a sensor is there, where that is not all of the season."""
        if (
            each.until is not None
            and each.until.astimezone(self.f.zone).date() < self.letter.last_day
        ):
            return self.w("placed", span=self._span(each.since, each.until))
        if each.since.astimezone(self.f.zone).date() > self.letter.first_day:
            return self.w("placed_since", since=self.f.instant(each.since))
        return ""

    def _certificate(self, since: datetime, until: datetime | None, document: str) -> str:
        days = {"since": self.f.day(since.astimezone(self.f.zone).date())}
        if until is not None:
            days["until"] = self.f.day(until.astimezone(self.f.zone).date())
        said = self.w("certificate" if until else "certificate_open", **days)
        return _parts(said, self.w("document", document=document) if document else "")

    def _span(self, since: datetime, until: datetime | None) -> str:
        if until is None:
            return self.w("since_open", since=self.f.instant(since))
        return self.w("since_until", since=self.f.instant(since), until=self.f.instant(until))


def counts(letter: Letter, record: Measured) -> bool:
    """Whether a measurement record has the signatures that the act asks for, and is of hours that it allows."""
    return record.signatures >= letter.terms.signatures() and in_open_hours(letter, record)


def in_open_hours(letter: Letter, record: Measured) -> bool:
    """Whether a record was made at hours at which the act lets somebody measure."""
    hours = letter.terms.closed_hours()
    return hours is None or not hours.hold(record.at.astimezone(ZoneInfo(letter.zone)).time())


def _parts(*parts: str) -> str:
    return " · ".join(filter(None, parts))

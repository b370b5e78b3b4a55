"""A letter in one language: HTML for a phone or a screen, PDF for paper, text for everything else."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from analytics.law.calculators import kinds
from analytics.law.clauses import clause_in
from analytics.law.interpretations import title
from analytics.law.overlays import Changed, told
from analytics.law.steps import Step, shown
from analytics.law.terms import Words
from domain.formats import Formats
from domain.language import Text, in_language, joined
from domain.names import ROOM_USES
from domain.quantity import Quantity
from domain.time import HOUR_US, Span, to_us
from domain.visible import visible
from reports.letters.changed_days import paid_otherwise
from reports.letters.changed_facts import fact_lines
from reports.letters.chart import Drawing, chart
from reports.letters.evidence import Evidence, counts
from reports.letters.fees import fee_words
from reports.letters.letter import Earlier, Letter
from reports.letters.objection import objection_lines
from reports.letters.payers import payer_lines
from reports.letters.sent import beside_lines, sent_lines
from reports.letters.words import WORDS
from reports.render.page import environment, words_in
from reports.render.render import drawn

#: Widths that the chart is drawn in: of paper and screens, and of a phone.
WIDTHS = (680, 360)


def to_html(letter: Letter, language: str) -> bytes:
    """A page that needs nothing else: style and chart are inside."""
    return _page(letter, language).encode()


def to_pdf(letter: Letter, language: str) -> bytes:
    """The same page on A4; ServerMissing where Pango, which draws it, is not installed."""
    html = _page(letter, language)
    return drawn(html, hashlib.sha256(html.encode()).hexdigest())


def to_text(letter: Letter, language: str) -> bytes:
    """What the page says, without its chart."""
    words = Sheet(letter, language)
    template = environment("reports.letters").get_template("letter.txt.j2")
    return template.render(l=words.told(), w=words.w).strip().encode() + b"\n"


FORMATS: Mapping[str, Callable[[Letter, str], bytes]] = {
    "html": to_html,
    "pdf": to_pdf,
    "text": to_text,
}
ENDINGS = {"html": "html", "pdf": "pdf", "text": "txt"}


def _page(letter: Letter, language: str) -> str:
    words = Sheet(letter, language)
    style = (files("reports.letters") / "templates" / "letter.css").read_text("utf-8")
    template = environment("reports.letters").get_template("letter.html.j2")
    return template.render(
        l=words.told() | {"charts": words.charts()}, w=words.w, style=style, language=language
    )


class Sheet:
    """A letter's sentences in one language."""

    def __init__(self, letter: Letter, language: str) -> None:
        self.letter = letter
        self.language = language
        self.f = Formats(language, ZoneInfo(letter.zone))
        self.w = words_in(self.f, WORDS)
        self.rooms = {code: self._room_name(code) for code in letter.rooms}

    def told(self) -> dict[str, Any]:
        """What the templates show."""
        own = self.letter
        return {
            **self._head(),
            "undetermined": own.undetermined,
            "pays": own.pays,
            "findings": [
                {"clause": self._article(each["clause"]), "text": self._said(each)}
                for each in own.findings
            ],
            **self._correction(),
            "left": own.has_left,
            "beside": [*beside_lines(own, self.f, self.w)],
            "lines": [self._line(each) for each in own.lines],
            "steps": [
                {"clause": self._article(each["clause"]), "text": self._said(each)}
                for each in own.steps
            ],
            "curve_note": self._curve_note(),
            **Evidence(own, self.f, self.w, self._room).told(),
            "interpretations": [
                {
                    "title": self._title(each), "clause": self._article(each.interprets),
                    "text": each.zh if self.language == "zh" else each.en,
                }
                for each in own.interpretations
            ],
            "objection": [] if own.what_if else [*objection_lines(own, self.f, self.w, self._clause)],
            "signed": [*self._signed()],
            "digests": [*self._digests()],
            "check": "" if own.run is None else self.w("check", run=own.run.number),
        }  # fmt: skip

    # the head

    def _head(self) -> dict[str, Any]:
        own = self.letter
        days = {"first": self.f.day(own.first_day), "last": self.f.day(own.last_day)}
        named = own.facts.name.of(self.language)
        return {
            "company": own.facts.company.of(self.language),
            "dated": self.f.day(own.dated),
            "dated_iso": own.dated.isoformat(),
            "draft": not own.what_if and (own.run is None or not own.run.approved),
            "title": self._name_of_page(),
            "what_if": self._what_if(),
            "changes": [self._change(each) for each in own.overlay.changes] if own.overlay else [],
            "household": own.facts.household,
            "name": "" if named == own.facts.household else named,
            "address": own.facts.address,
            "season": own.season,
            "season_days": self.w("season_days", code=own.season, **days),
            "act": f"{self._act()} · {self.w('grade', grade=own.terms.grade)}",
            "act_title": self._act(),
            "standard": self._standard(),
            "fee": fee_words(own, self.f, self.w, self.language),
            "total": self.f.money(own.total, own.currency),
            "payers": [*payer_lines(own.by_payer(), own.occupants, own.currency, self.f, self.w)],
            "reason": str(in_language(own.reason, self.language)),
            "due": self._due(),
            "due_note": self.w("unpublished") if own.due and not own.due.published else "",
            "open_note": self._open_note(),
        }

    def _name_of_page(self) -> str:
        own = self.letter
        if own.what_if:
            return self.w("title_what_if" if own.pays else "title_what_if_findings")
        return self.w("title" if own.pays else "title_findings")

    def _what_if(self) -> str:
        """That it is no settlement, where it is a what-if: under which policy, with which overlay."""
        own = self.letter
        if own.overlay is not None:
            name = self._words(own.overlay.name)
            return self.w("what_if", base=own.overlay.base, name=name)
        return self.w("what_if_other", id=own.terms.id) if own.what_if else ""

    def _change(self, each: Changed) -> dict[str, str]:
        before, after = (self._value(told(value)) for value in (each.before, each.after))
        reference = self._words(each.reference)
        return {"key": each.key, "before": before, "after": after, "reference": reference}

    def _value(self, value: Any) -> str:
        if isinstance(value, Mapping):
            return str(value["zh" if self.language == "zh" else "en"])
        return str(in_language(value, self.language))

    def _words(self, words: Words) -> str:
        return words.zh if self.language == "zh" else words.en

    def _correction(self) -> dict[str, Any]:
        """What the approved run before came to, and where this one differs."""
        own, found = (
            self.letter,
            {"changed": "", "differences": [], "changed_facts": [], "sent": []},
        )
        earlier = own.earlier
        if earlier is None or own.what_if or not (own.pays or own.has_left):
            return found
        if not own.pays:  # that its contract left is all that such a law's letter can say
            return found | {"changed_facts": self._changed_facts(earlier)}
        if not earlier.differences and earlier.total == own.total and not own.has_left:
            return found | {"changed": self.w("unchanged", run=earlier.run)}
        before, after, amount = (
            self.f.money(each, own.currency)
            for each in (earlier.total, own.total, own.total - earlier.total)
        )
        sent: list[str] = []
        if earlier.sent is not None:
            sent += sent_lines(earlier.sent, own.by_payer(), own.currency, self.f, self.w)
        return {
            "changed": self.w(
                "changed", run=earlier.run, before=before, after=after, amount=amount
            ),
            "differences": [self._differs(each) for each in earlier.differences],
            "changed_facts": self._changed_facts(earlier),
            "sent": sent,
        }

    def _changed_facts(self, earlier: Earlier) -> list[str]:
        run = self.letter.run
        readings = earlier.data_version, run.data_version if run else earlier.data_version
        return [*fact_lines(earlier.facts, self.f, self.w, self.rooms, readings)]

    def _differs(self, each: Mapping[str, Any]) -> str:
        kind = str(in_language(kinds().get(each["kind"], each["kind"]), self.language))
        before, after = (
            self.f.money(Decimal(each[name]), self.letter.currency) for name in ("before", "after")
        )
        name, days = paid_otherwise(each, self._days, self.language)
        return self.w(name, what=self._whose(each, kind), before=before, after=after, **days)

    def _act(self) -> str:
        return self._words(self.letter.terms.title)

    def _standard(self) -> str:
        own = self.letter
        standard = own.terms.standard
        if (use := own.use) is not None:
            clause = self._clause(use["clause"])
            return " · ".join(each for each in (self._said(use), clause) if each)
        number = self.f.number(standard.temp)
        if not standard.of_act:
            return self.w("not_of_act", number=number)
        uses = [ROOM_USES[use.value].to(self.language) for use in standard.rooms]
        rooms = ("、" if self.language == "zh" else ", ").join(uses)
        general = self.w("rooms_of", number=number, rooms=rooms)
        said = [f"{general} · {self._clause(standard.clause)}"]
        for each in standard.own:
            of, number = each.words().to(self.language), self.f.number(each.temp)
            its = self.w("rooms_of", number=number, rooms=of)
            said.append(f"{its} · {self._clause(each.clause)}")
        if own.overlay and any(each.key.startswith("standard") for each in own.overlay.changes):
            said.append(self.w("what_if_value"))
        return joined("; ", said).to(self.language)

    def _due(self) -> str:
        due = self.letter.due
        if self.letter.has_left:  # nothing is payable
            return ""
        if due is None:
            return self.w("due_none")
        return self.w("due_day", day=self.f.day(due.day), clause=self._clause(due.clause))

    def _open_note(self) -> str:
        own = self.letter
        if not own.undetermined or not own.pays:
            return ""
        if own.bounds is None:
            return self.w("open")
        lower, upper = (self.f.money(each, own.currency) for each in own.bounds)
        if not any(each["step"] == "undetermined" for each in own.steps):
            why = str(in_language(own.reason, self.language))
            return self.w("bounds_else", why=why, lower=lower, upper=upper)
        return self.w("bounds", lower=lower, upper=upper)

    # lines and steps

    def _line(self, line: Step) -> dict[str, str]:
        numbers, values = line["numbers"], line.get("text", {}).get("values", {})
        values = values.get("what", line.get("text", {})).get(
            "values", {}
        )  # behind the payer's name
        kind = self._told(values["kind"]) if "kind" in values else line["step"]
        formula = self._told(values["formula"]) if "formula" in values else self._said(line)
        return {
            "what": self._whose(numbers, kind),
            "days": self._days(numbers["first"], numbers["last"]),
            "formula": formula,
            "clause": self._clause(line["clause"]),
            "amount": self.f.money(Decimal(numbers["amount"]), self.letter.currency),
        }

    def _whose(self, line: Mapping[str, Any], kind: str) -> str:
        """What a line is for, behind its payer and before its room, where it has them."""
        payer, room = line.get("payer", ""), line.get("room", "")
        return " · ".join(each for each in (payer, kind, self._room(room)) if each)

    def _days(self, first: str, last: str) -> str:
        since, until = (self.f.day(date.fromisoformat(each)) for each in (first, last))
        return since if since == until else self.w("since_until", since=since, until=until)

    def _told(self, told: Any) -> str:
        """A value of a step's sentence that is a sentence itself."""
        return shown({"text": told}, self.language, self.rooms)

    def _said(self, step: Step) -> str:
        return shown(step, self.language, self.rooms)

    def _clause(self, clause: str) -> str:
        return clause_in(clause, self.language, self.letter.terms.title.zh)

    def _article(self, clause: str) -> str:
        """The same, and nothing where only the act is known, which the letter names once."""
        return "" if clause == self.letter.terms.title.zh else self._clause(clause)

    def _title(self, interpretation: Any) -> str:
        found = title(interpretation.name, interpretation.title)
        if isinstance(found, Text):
            return found.to(self.language)
        return str(getattr(found, "zh" if self.language == "zh" else "en"))

    def _room(self, code: str) -> str:
        return self.rooms.get(code, code)

    def _room_name(self, code: str) -> str:
        """A room's name; without one its use with its code."""
        room = self.letter.rooms[code]
        named = room.name.of(self.language)
        return visible(named or f"{ROOM_USES[room.use].to(self.language)} {code}")

    # the curve

    def charts(self) -> list[str]:
        """The chart in each width; none without a curve."""
        drawing = self._drawing()
        return [] if drawing is None else [chart(drawing, self.f, width) for width in WIDTHS]

    def _drawing(self) -> Drawing | None:
        own = self.letter
        if own.curve is None:
            return None
        facts, window = own.facts, own.curve.window
        return Drawing(
            curve=own.curve,
            room=self._room(own.curve.room),
            standard=Quantity.TEMPERATURE.to_ticks(own.promised or own.terms.standard.temp)
            + own.curve.more,
            of_act=self._is_owed(),
            requests=[each.at for each in facts.requests if window.holds(each.at)],
            measured=[
                (each.at, Quantity.TEMPERATURE.to_ticks(each.celsius))
                for each in facts.measured
                if each.room == own.curve.room and window.holds(each.at) and counts(own, each)
            ],
            outages=[Span(each.since, each.until or window.until) for each in facts.outages if each.since < window.until],
            faults=[Span(each.since, each.until or window.until) for each in facts.faults if each.since < window.until],
            paid=[_of(each) for each in own.lines],
            open_days=[_of(each) for each in own.steps if each["step"] == "undetermined"],
        )  # fmt: skip

    def _is_owed(self) -> bool:
        """Whether the curve's line is what the household is owed; else it is drawn for comparison."""
        own = self.letter
        if own.promised is not None:
            return True
        return own.terms.standard.of_act and own.use is None

    def _curve_note(self) -> str:
        curve = self.letter.curve
        if curve is None:
            return ""
        whole = to_us(curve.window.until) - to_us(curve.window.since)
        hours, of = (self.f.number(Decimal(us) / HOUR_US, 0) for us in (curve.known_us, whole))
        name = "curve_note" if self._is_owed() else "compared_note"
        return self.w(name, room=self._room(curve.room), hours=hours, whole=of)

    # the end

    def _signed(self) -> Iterator[tuple[str, str]]:
        run = self.letter.run
        if run is None:
            yield self.w("run"), self.w("no_number")
            return
        kept = "run_approved" if run.approved else "run_draft"
        if run.what_if:
            kept = "run_what_if"
        yield self.w("run"), self.w(kept, run=run.number)
        drafted = run.drafted_by.shown()
        yield self.w("made"), self._who(drafted, run.made_at)
        approved = (
            self._who(run.approved_by.shown(), run.approved_at)
            if run.approved_by is not None and run.approved_at is not None
            else self.w("never_approved" if run.what_if else "not_approved")
        )
        yield self.w("approved"), approved
        yield self.w("data_version"), self.f.number(run.data_version)

    def _who(self, who: Text | str, at: datetime) -> str:
        return self.w("who_when", who=in_language(who, self.language), at=self.f.instant(at))

    def _digests(self) -> Iterator[tuple[str, str]]:
        own = self.letter.overlay
        id_ = self.letter.terms.id if own is None else f"{own.base} + {self._words(own.name)}"
        yield self.w("policy_sha", id=id_), self.letter.policy_sha256
        if (run := self.letter.run) is not None:
            yield self.w("snapshot_sha"), run.snapshot_sha256
            if run.results_sha256:
                yield self.w("results_sha"), run.results_sha256


def _of(step: Step) -> tuple[date, date]:
    numbers = step["numbers"]
    return date.fromisoformat(numbers["first"]), date.fromisoformat(numbers["last"])

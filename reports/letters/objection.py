"""What a letter says of objections: to whom, by when, and when an answer comes."""

from collections.abc import Callable, Iterator

from analytics.law.deadlines import OBJECTION_DAYS
from domain.formats import Formats
from reports.letters.letter import Letter


def objection_lines(
    own: Letter, f: Formats, w: Callable[..., str], clause_of: Callable[[str], str]
) -> Iterator[str]:
    """Sentences in the reader's language, in their order."""
    company, address = own.facts.company.of(f.language), own.facts.company_address
    if address:
        company = w("company_at", company=company, address=address)
    number = (
        w("this_statement", day=f.day(own.dated))
        if own.run is None
        else w("this_run", run=own.run.number)
    )
    final = own.run is not None and own.run.approved
    yield w(
        "objection_how" if final else "objection_draft", company=company, household=own.facts.household, run=number,
        day=f.day(own.objection.day), days=OBJECTION_DAYS,
    )  # fmt: skip
    yield w("objection_then" if own.pays else "objection_answer", days=OBJECTION_DAYS)
    if final and not own.objection.published:
        yield w("unpublished")
    if (sla := own.terms.sla) is not None:
        if sla.complaint_days is not None or sla.authority_days is not None:
            yield w("apart_from_complaints")
        for name, days, of in (
            (
                "complaint_same_day" if sla.complaint_same_day else "complaint",
                sla.complaint_days,
                sla.complaint_clause,
            ),
            ("authority", sla.authority_days, sla.authority_clause),
        ):
            if days is not None:
                yield w(name, n=days, clause=clause_of(of or sla.clause))

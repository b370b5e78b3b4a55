"""Makes one report of one period: head, then view, as of one data version."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg
from domain.time import local_day
from reports.filing.seasons import season_days, seasons_in, seasons_of
from reports.kinds import kind_of
from reports.report import Document, Head, Name, Period, Report, Sources
from store.books.registry import Place, Season


def newest_over(report: Report, now: datetime, zone: ZoneInfo) -> Period:
    """The newest period that has ended."""
    today = local_day(now, zone)
    running = report.period(today)
    return report.period(running.first - timedelta(days=1))


def document(
    kind: str, sources: Sources, season: Season, day: date, data_version: int, made: By
) -> Document:
    """The report of a season's days of the period that a local day belongs to.

    Raises
    ------
    WrongCall
        Where the kind is not known or the period has not ended when it is made.
    """
    report, zone = kind_of(kind), ZoneInfo(season.zone)
    period = report.period(day)
    if period.span(zone).until > made.at:
        over = newest_over(report, made.at, zone)
        raise WrongCall(
            msg(
                "{kind} report of {period} has not ended; allowed: a day before {after}",
                kind=kind,
                period=period.shown(),
                after=over.after(),
            )
        )
    with Session(sources.books) as session:
        company = session.get_one(Place, season.company_id)
    policy = sources.policy
    inside = seasons_in(seasons_of(sources.books, company.code), period)
    head = Head(
        kind=kind,
        period=period,
        days=season_days(season, period),
        due=period.last + timedelta(days=report.due_after),
        company=company.code,
        name=Name(company.name, company.name_en),
        zone=season.zone,
        season=season.code,
        other_seasons=tuple(each.code for each in inside if each.code != season.code),
        policy=policy.id,
        policy_title=Name(policy.title.zh, policy.title.en),
        clause=policy.standard.clause if policy.standard.of_act else "",
        standard_c=policy.standard.temp,
        data_version=data_version,
        made_at=made.at,
        made_by=made.actor,
        own_standards={each.kind: each.temp for each in policy.standard.own},
    )
    return Document(report, head, report.view(sources, head))

"""A policy file that a season names becomes one of the folder of policies, and the season names its id."""

import csv
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from analytics.law.policy import known, load
from analytics.law.policy_texts import copied
from domain.actor import By
from domain.errors import WrongCall
from domain.language import msg
from domain.visible import has_words
from heatwatch.services.importing import import_files
from heatwatch.wiring import World
from store.books.cells import write
from store.books.registry import Place
from store.registry.rows import Seen
from store.registry.seasons import season_of


def adopt(world: World, season: str, file: Path | None, by: By) -> tuple[str, Path]:
    """Copies the file (default: the one that the season names) and changes the season.

    Answers with the policy's id and the copy. Raises WrongCall where there is no folder of policies,
    no such season or file, where the id is another policy's, or where the season can't have it (nothing
    is kept of it then).
    """
    folder = world.policies
    if folder is None:
        raise WrongCall(
            msg(
                'there is no folder of policies; set policies = "FOLDER" under [law] in the '
                "configuration, and make that folder"
            )
        )
    row = _row(world, season)
    policy = load(file or Path(row["policy"]))
    if policy.policy.what_if is not None:
        raise WrongCall(
            msg(
                "{file} is the overlay of a what-if; allowed: a policy, as no season is settled under "
                "a what-if",
                file=policy.origin,
            )
        )
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"{policy.policy.id}.toml"
    kept = {each.policy.id: each for each in known(folder)}.get(policy.policy.id)
    made = kept is None and not copy.exists()
    if made:
        copy.write_bytes(policy.raw)
    elif kept is None or kept.sha256 != policy.sha256:
        other = str(copy) if kept is None else kept.origin
        raise copied(policy.origin, policy.policy.id, other)
    else:
        copy = Path(kept.origin)
    try:
        _change(world, row, policy.policy.id, by)
    except WrongCall:
        if made:
            copy.unlink()
        raise
    return policy.policy.id, copy


def _row(world: World, code: str) -> dict[str, str]:
    """The season as a row of seasons.csv."""
    with Session(world.books) as session:
        season = season_of(session, code)
        named = {name: getattr(season, name) for name in ("code", "policy", "since", "until")}
        more = {"zone": season.zone, "design_outdoor": season.design_outdoor}
        company = session.get_one(Place, season.company_id).code
        return {name: write(value) for name, value in (named | more).items()} | {"company": company}


def _change(world: World, before: dict[str, str], policy: str, by: By) -> None:
    """As an import of this one row, so that the change has its record, and is refused where somebody else has
    changed the season meanwhile."""
    row = {**before, "policy": policy}
    if not has_words(by.reason):
        by = replace(by, reason=f"policy adopted: {policy}")
    with TemporaryDirectory() as temporary:
        path = Path(temporary) / "seasons.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(row))
            writer.writeheader()
            writer.writerow(row)
        report = import_files(world, [path], by=by, strict=True, seen=Seen(before))
    if not report.clean:
        raise WrongCall(report.refused[0].text())

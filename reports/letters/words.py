"""The words of letters; the templates take them by name."""

from domain.language import Text, msg, msg_in, plural

#: Without values: a template gives them when it says the sentence.
WORDS: dict[str, Text] = {
    "title": msg_in("letter", "Heating refund statement"),
    "title_findings": msg_in("letter", "Statement on room temperatures"),
    "title_what_if": msg_in("letter", "What-if: simulated refund"),
    "title_what_if_findings": msg_in("letter", "What-if: simulated findings"),
    "what_if": msg(
        'What-if: a simulated calculation, not a settlement under the act. Policy {base} with the overlay "{name}". Nothing is owed under it, and it can\'t be approved.'
    ),
    "what_if_other": msg(
        "What-if: a simulated calculation under policy {id}, which is not the season's own. Nothing is owed under it, and it can't be approved."
    ),
    "what_if_value": msg_in("letter", "changed for the what-if"),
    "changes": msg_in("letter", "What the overlay changes"),
    "change": msg_in("letter", "{key}: {before} → {after} ({reference})"),
    "key": msg_in("letter", "Key"),
    "before": msg_in("letter", "In the policy"),
    "after": msg_in("letter", "In the what-if"),
    "reference": msg_in("letter", "Reference"),
    "act_what_if": msg_in("letter", "Act that it changes"),
    "lines_what_if": msg_in("letter", "What would be refunded"),
    "run_what_if": msg_in("letter", "No. {run}, what-if"),
    "never_approved": msg_in("letter", "nobody; a what-if can't be approved"),
    "total_what_if": msg_in("letter", "Simulated refund"),
    "draft_findings": msg("Draft. It is not approved yet."),
    "findings": msg_in("letter", "Findings of non-compliance"),
    "no_findings": msg_in("letter", "No finding: {why}"),
    "objection_answer": msg(
        "An objection is answered within {days} working days of its receipt. A later one is examined as well: what is found wrong is corrected."
    ),
    "season": msg_in("letter", "Heating season"),
    "season_days": msg_in("letter", "{code}, {first} to {last}"),
    "household": msg_in("letter", "Household"),
    "address": msg_in("letter", "Address"),
    "act": msg_in("letter", "Act applied"),
    "standard": msg_in("letter", "Room standard"),
    "celsius": msg_in("letter", "{number} °C"),
    "rooms_of": msg_in("letter", "{number} °C in {rooms}"),
    "not_of_act": msg_in(
        "letter", "the act names no room temperature; {number} °C is drawn for comparison"
    ),
    "fee": msg_in("letter", "Heating fee of the season"),
    "fee_since": msg_in("letter", "{fee} from {day} on"),
    "no_number": msg_in("letter", "computed for this statement, kept in no run"),
    "named": msg_in("letter", "{what}: {value}"),
    "run": msg_in("letter", "Run"),
    "run_draft": msg_in("letter", "No. {run}, draft"),
    "run_approved": msg_in("letter", "No. {run}, approved"),
    "total": msg_in("letter", "Refund"),
    "of_payer": msg_in("letter", "of it {who}: {amount}"),
    "of_payer_days": msg_in("letter", "of it {who} ({days}): {amount}"),
    "of_payer_unasked": msg_in(
        "letter", "of it {who} ({days}): {amount}; no request of theirs is on record"
    ),
    "of_payer_asked": msg_in(
        "letter",
        "of it {who} ({days}): {amount}; who moves in asks anew: cold is refunded from their own request of {asked} on, and not before it",
    ),
    "day_is_whose": msg("A day's refund is of whoever bore its fee when the day began."),
    "holder": msg("the contract's holder"),
    "bounds": msg(
        "Part of the sum is undetermined: with what is unknown taken as compliant it is {lower}; taken as below the standard, and no colder than what is known shows, {upper}. Where the act pays more for colder days, readings that come in later can make it more. What is certain is paid, the rest is not refused: it waits."
    ),
    "bounds_else": msg(
        "Part of the sum is undetermined ({why}): it comes to at least {lower} and at most {upper}. What is certain is paid, the rest is not refused: it waits."
    ),
    "open": msg("Part of the sum is undetermined. It is not refused: it waits."),
    "draft": msg("Draft. Nothing is owed before it is approved."),
    "changed": msg(
        "Correction: run {run}, which was approved before, came to {before}; now it is {after}, a difference of {amount}."
    ),
    "unchanged": msg("Run {run}, which was approved before, came to the same sum and lines."),
    "differs": msg_in("letter", "{what} · {days}: {before} before, {after} now"),
    "differs_on": msg_in(
        "letter", "{what} · {days}: {before} before, {after} now; paid otherwise: {changed}"
    ),
    "differences": msg_in("letter", "What the correction changes"),
    "of_whom": msg_in("letter", "{who}: {what}"),
    "sent_none": msg("Nothing of it had been sent to the bank before this correction."),
    "sent_same": msg("{sent} had been sent to the bank before: nothing more is to be paid."),
    "sent_less": msg("{sent} had been sent to the bank before: {rest} is still to be paid."),
    "sent_more": msg(
        "{sent} had been sent to the bank before, {over} more than is due now. It is set off against what is added to this season's refund later; this statement claims nothing back."
    ),
    "left_to": msg(
        "For the same days the household has a contract of season {seasons} now, which has a statement of its own."
    ),
    "left_counts": msg(
        "What was sent here is held against what season {seasons} comes to for these days: it is not paid a second time unless the company decides that it is owed besides."
    ),
    "sent_beside": msg(
        "{sent} had been sent to the bank for the same days in season {season}, before this statement."
    ),
    "held_beside": msg(
        "{held} of this refund is held for it: it is not paid unless the company decides that it is owed besides."
    ),
    "changed_facts": msg_in("letter", "Why: what was recorded otherwise since then"),
    "fact_corrected": msg_in("letter", "{what} · corrected {at} by {by}"),
    "fact_withdrawn": msg_in("letter", "{what} · withdrawn {at} by {by}"),
    "fact_added": msg_in("letter", "{what} · recorded {at} by {by}"),
    "from_to": msg_in("letter", "{old} → {new}"),
    "empty_cell": msg_in("letter", "nothing"),
    "reason_of": msg_in("letter", "reason: {why}"),
    "newer_readings": msg(
        "No fact was recorded otherwise; readings up to data version {now} are taken, and were up to {before}."
    ),
    "no_reading": msg("no reading of a covered room came in this season"),
    "due": msg_in("letter", "Payable by"),
    "due_day": msg_in("letter", "{day} ({clause})"),
    "due_none": msg_in("letter", "no date is set by the act"),
    "unpublished": msg(
        "The days off of that year were not known here yet; they may move the date to a later day."
    ),
    "lines": msg_in("letter", "What is refunded"),
    "what": msg_in("letter", "For"),
    "days": msg_in("letter", "Days"),
    "how_much": msg_in("letter", "Calculation"),
    "amount": msg_in("letter", "Amount"),
    "clause": msg_in("letter", "Clause"),
    "sum": msg_in("letter", "Sum"),
    "no_lines": msg_in("letter", "Nothing is refunded: {why}"),
    "no_lines_open": msg_in("letter", "Nothing is certain yet: {why}"),
    "of_act": msg("Clauses without another title are of: {act}."),
    "curve": msg_in("letter", "Temperature of the coldest covered room"),
    "compared_note": msg(
        "{room}; known for {hours} of the {whole} hours shown. Of several rooms it is the one furthest below this temperature for longest."
    ),
    "curve_note": msg(
        "{room}; known for {hours} of the {whole} hours shown. The coldest room is the one furthest below the standard for longest."
    ),
    "no_curve": msg("No reading of a covered room came in this season: nothing can be drawn."),
    "unknown": msg_in("letter", "What was unknown, and why"),
    "facts": msg_in("letter", "What it rests on"),
    "requests": msg_in("letter", "Requests"),
    "by_name": msg_in("letter", "by {name}"),
    "visit_due": msg_in("letter", "to be measured by {due} ({clause})"),
    "came_in_time": msg_in(
        "letter", "to be measured by {due} ({clause}), somebody came {came}: in time"
    ),
    "came_late": msg_in(
        "letter", "to be measured by {due} ({clause}), somebody came {came}: {hours} h late"
    ),
    "nobody_came": msg_in("letter", "to be measured by {due} ({clause}), and nobody came"),
    "consent": msg("standing consent: requests are made for the household"),
    "no_request": msg_in("letter", "none"),
    "measured": msg_in("letter", "Measurements"),
    "signed": msg_in("letter", "signed by {names}"),
    "unsigned": msg_in("letter", "not signed"),
    "at_closed_hours": msg("not counted: nobody may measure from {since} to {until} ({clause})"),
    "uncounted": msg("not counted: {count} of {needed} signatures ({clause})"),
    "refused": msg_in("letter", "Measurements refused by the user"),
    "outages": msg_in("letter", "Outages"),
    "planned": msg_in("letter", "planned"),
    "by_user": msg_in("letter", "caused by the user"),
    "third_party": msg_in("letter", "caused by a third party"),
    "force_majeure": msg_in("letter", "force majeure"),
    "announced": msg_in("letter", "announced {at}"),
    "since_until": msg_in("letter", "{since} to {until}"),
    "since_open": msg_in("letter", "from {since}, no end recorded"),
    "faults": msg_in("letter", "Findings of a user's fault"),
    "evidence": msg_in("letter", "evidence: {what}"),
    "no_evidence": msg_in("letter", "no evidence is recorded"),
    "sensors": msg_in("letter", "Sensors"),
    "certificate": msg_in("letter", "verified {since} to {until}"),
    "certificate_open": msg_in("letter", "verified from {since}"),
    "document": msg_in("letter", "certificate {document}"),
    "verified": msg("marked as verified; no certificate is recorded"),
    "unverified": msg_in("letter", "not verified"),
    "placed": msg_in("letter", "here {span}"),
    "placed_since": msg_in("letter", "here from {since}"),
    "no_sensor": msg_in("letter", "none in a covered room"),
    "steps": msg_in("letter", "Step by step"),
    "interpretations": msg_in("letter", "Where the text is open: what it was taken to mean"),
    "look_up": msg(
        "Each has its name, its reasons and what speaks against it in the company's document of interpretations; ask for it."
    ),
    "objection": msg_in("letter", "If you do not agree"),
    "objection_how": msg(
        "Write to {company} and name household {household} and {run}: which fact is wrong or missing, and what shows it (a photo, a signed record, a witness). Please write by {day}, {days} working days from the date of this statement; the day itself does not count."
    ),
    "objection_draft": msg(
        "Write to {company} and name household {household} and {run}: which fact is wrong or missing, and what shows it (a photo, a signed record, a witness). No time runs from a draft: the {days} working days begin with the date of the approved statement."
    ),
    "company_at": msg_in("letter", "{company} ({address})"),
    "objection_then": msg(
        "An objection is answered within {days} working days of its receipt. A later one is examined as well: what is found wrong is corrected in the ledger by an entry of its own, and the difference is settled."
    ),
    "this_statement": msg_in("letter", "this statement of {day}"),
    "this_run": msg_in("letter", "run {run}"),
    "complaint": plural(
        "The act: the supplier answers a complaint within {shown} day ({clause}).",
        "The act: the supplier answers a complaint within {shown} days ({clause}).",
        n=0,
    ),
    "complaint_same_day": plural(
        "The act: the supplier answers a complaint the same day, or within {shown} day where it can't ({clause}).",
        "The act: the supplier answers a complaint the same day, or within {shown} days where it can't ({clause}).",
        n=0,
    ),
    "apart_from_complaints": msg(
        "These days are for objections to this statement; a complaint of heating is answered within the act's own limits, which they do not replace:"
    ),
    "authority": plural(
        "The act: the authority answers within {shown} day ({clause}).",
        "The act: the authority answers within {shown} days ({clause}).",
        n=0,
    ),
    "made": msg_in("letter", "Drafted by"),
    "approved": msg_in("letter", "Approved by"),
    "who_when": msg_in("letter", "{who}, {at}"),
    "not_approved": msg_in("letter", "nobody yet"),
    "data_version": msg_in("letter", "Data version"),
    "check": msg("Anybody with the books can recompute this: heatwatch settle verify --run {run}."),
    "policy_sha": msg_in("letter", "Policy {id}"),
    "snapshot_sha": msg_in("letter", "Facts"),
    "results_sha": msg_in("letter", "Results"),
    "grade": msg_in("letter", "source grade of the text: {grade}"),
}

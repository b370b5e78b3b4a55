"""Modules `x/y.py` without a `tests/x/test_y.py`: where they are tested instead, and why there."""

#: module -> (test, reason). `tests/test_mirrors.py` holds it against the files.
ELSEWHERE: dict[str, tuple[str, str]] = {
    "alerts/detectors/sequence_gap.py": (
        "tests/alerts/detectors/test_of_delivery.py",
        "a declaration alone: its detector is that of all faults of delivery",
    ),
    "alerts/detectors/uplinks_lost.py": (
        "tests/alerts/detectors/test_of_delivery.py",
        "a declaration alone: its detector is that of all faults of delivery",
    ),
    "ingest/kernels/plan.py": (
        "tests/ingest/batch/test_compiled.py",
        "numbers alone: where plans are walked shows what they mean",
    ),
    "ingest/kernels/native.py": (
        "tests/ingest/batch/test_decode.py",
        "held against the codec, message by message",
    ),
    "ingest/kernels/places.py": (
        "tests/ingest/batch/test_compiled.py",
        "paths and names of whole messages, held against the codec",
    ),
    "ingest/kernels/written.py": (
        "tests/ingest/batch/test_compiled.py",
        "times, units and states of whole messages, held against the codec",
    ),
    "ingest/kernels/readings.py": (
        "tests/ingest/batch/test_compiled.py",
        "records of whole messages, held against the codec",
    ),
    "ingest/kernels/messages.py": (
        "tests/ingest/batch/test_compiled.py",
        "whole messages, held against the codec",
    ),
    "ingest/codecs/shape.py": (
        "tests/ingest/codecs/test_mapped_shape.py",
        "a declaration alone: its codecs fill it",
    ),
    "alerts/detectors/session_lost.py": (
        "tests/alerts/detectors/test_of_delivery.py",
        "a declaration alone: its detector is that of all faults of delivery",
    ),
    "alerts/detectors/id_taken.py": (
        "tests/alerts/detectors/test_of_delivery.py",
        "a declaration alone: its detector is that of all faults of delivery",
    ),
    "alerts/detectors/qos_lowered.py": (
        "tests/alerts/detectors/test_of_delivery.py",
        "a declaration alone: its detector is that of all faults of delivery",
    ),
    "alerts/detectors/queue_overflow.py": (
        "tests/alerts/detectors/test_of_delivery.py",
        "a declaration alone: its detector is that of all faults of delivery",
    ),
    "heatwatch/services/recording.py": (
        "tests/heatwatch/cli/test_record_fact.py",
        "a fact is recorded by its command, with books and a registry",
    ),
    "heatwatch/bench/correct.py": (
        "tests/heatwatch/bench/test_settle.py",
        "a correction stands behind the draft that it corrects",
    ),
    "simulators/law/blocks.py": (
        "tests/analytics/law/cold_days/test_blocks.py",
        "a part of the refund's naive twin: its worked cases stand with the kernels'",
    ),
    "analytics/ledger/confirmed.py": (
        "tests/heatwatch/services/test_confirming.py",
        "an approval, with a store, a policy folder and confirmations that come and go",
    ),
    "analytics/ledger/deciding.py": (
        "tests/heatwatch/cli/test_settle_held.py",
        "an entry of the ledger, behind runs and payments of a whole world",
    ),
    "analytics/ledger/renamed.py": (
        "tests/heatwatch/cli/test_settle_held.py",
        "the facts of two approved runs, with payments between",
    ),
    "heatwatch/services/open_evidence.py": (
        "tests/heatwatch/cli/test_settle_held.py",
        "what stands open in the evidence, and a sum that is held, where both are",
    ),
    "analytics/settlement/result.py": (
        "tests/analytics/settlement/test_result_columns.py",
        "plain values, in the columns that hold them",
    ),
    "analytics/settlement/writer.py": (
        "tests/analytics/settlement/test_settle.py",
        "the results of a settlement, which it puts together",
    ),
    "analytics/settlement/recorded_steps.py": (
        "tests/analytics/facts/test_recorded_in_books.py",
        "what is recorded of a household, and what its sheet says of it",
    ),
    "analytics/settlement/terms_steps.py": (
        "tests/analytics/settlement/test_new_terms.py",
        "the sheet of a household whose terms change",
    ),
    "analytics/settlement/priced.py": (
        "tests/analytics/settlement/test_new_terms.py",
        "sums of a month and of tests, by the fees of their days",
    ),
    "analytics/settlement/continued.py": (
        "tests/analytics/law/test_changed_limits.py",
        "a line that goes on behind a change of the agreed temperature",
    ),
    "analytics/settlement/joined.py": (
        "tests/analytics/settlement/test_payers.py",
        "the claims of those who lived in one household",
    ),
    "simulators/law/new_terms.py": (
        "tests/analytics/settlement/test_new_terms.py",
        "the twin of terms that change, beside what it is the twin of",
    ),
    "store/journal/remembered.py": (
        "tests/store/journal/test_codec_state.py",
        "plain values, where they are kept",
    ),
    "domain/recorded.py": ("tests/store/registry/test_values.py", "words of registry files"),
    "reports/letters/letter.py": (
        "tests/reports/letters/test_make.py",
        "plain values, where they are made",
    ),
    "simulators/law/payers.py": (
        "tests/analytics/settlement/test_payers.py",
        "a part of the refund's naive twin, beside what it is the twin of",
    ),
    "simulators/law/season.py": (
        "tests/simulators/law/test_refund.py",
        "a part of the refund's naive twin: its seasons and worked cases",
    ),
    "simulators/law/episodes.py": (
        "tests/simulators/law/test_refund.py",
        "a part of the refund's naive twin: its seasons and worked cases",
    ),
    "simulators/law/means.py": (
        "tests/analytics/settlement/test_settle_twin.py",
        "a part of the refund's naive twin: against the kernels on random seasons",
    ),
    "simulators/law/month_tests.py": (
        "tests/analytics/law/calculators/test_tests_in_month.py",
        "naive twins beside what they are the twins of",
    ),
    "simulators/law/counts.py": (
        "tests/analytics/law/calculators/test_test_count.py",
        "a naive twin beside what it is the twin of",
    ),
    "simulators/law/abroad.py": (
        "tests/analytics/law/calculators/test_flat_block.py",
        "naive twins beside what they are the twins of",
    ),
    "store/readings/lake_readings.py": (
        "tests/store/readings/test_readings.py",
        "the half of the port that reads, where the whole is tested",
    ),
    "simulators/law/twins.py": (
        "tests/simulators/law/test_changes.py",
        "which twin and seasons a policy has, where its seasons are changed",
    ),
    "simulators/law/worlds.py": (
        "tests/analytics/settlement/test_twin.py",
        "random seasons, where kernels and twin are held against each other on them",
    ),
    "simulators/law/record_worlds.py": (
        "tests/analytics/law/calculators/test_test_count.py",
        "random seasons, where calculator and twin are held against each other on them",
    ),
    "heatwatch/services/adopting.py": (
        "tests/heatwatch/cli/test_policy_folder.py",
        "the command with a store, a season and its change record",
    ),
    "heatwatch/services/unsigned.py": (
        "tests/heatwatch/cli/test_registry.py",
        "what an import says of its records",
    ),
    "heatwatch/services/screens.py": (
        "tests/dashboards/console/test_main_panel.py",
        "the page in a real browser",
    ),
    "heatwatch/config_tables.py": (
        "tests/heatwatch/test_config.py",
        "tables without behaviour of their own: files are read into them",
    ),
    "alerts/inbound/command.py": (
        "tests/alerts/inbound/commands/test_commands.py",
        "the contract, which every command passes",
    ),
    "alerts/channels/base.py": (
        "tests/alerts/channels/test_channels.py",
        "the contract, which every channel passes",
    ),
    "analytics/law/content.py": (
        "tests/analytics/law/test_policy.py",
        "what a policy's content says is what a policy says that is parsed",
    ),
    "analytics/law/exact.py": (
        "tests/analytics/law/test_terms.py",
        "its numbers are those of the models there",
    ),
    "analytics/law/keyed.py": (
        "tests/analytics/law/test_overlays.py",
        "keys are given by overlays and by values of a day",
    ),
    "analytics/law/day_tests.py": (
        "tests/analytics/law/calculators/test_test_count.py",
        "what all calculators of tests share: against their naive twins",
    ),
    "analytics/law/season_sums.py": (
        "tests/analytics/law/calculators/test_test_count.py",
        "what calculators of sums share: months together pay at most the season",
    ),
    "analytics/kernels/settlement_bands.py": (
        "tests/analytics/settlement/test_settle_twin.py",
        "a kernel of the settlement: all of them at once against the twin",
    ),
    "analytics/facts/recorded_outages.py": (
        "tests/analytics/facts/test_snapshot.py",
        "a part of what a snapshot takes",
    ),
    "analytics/law/cold_days/findings.py": (
        "tests/analytics/settlement/test_settle_twin.py",
        "the settlement kernels one after the other: against the twin",
    ),
    "analytics/kernels/settlement_days.py": (
        "tests/analytics/settlement/test_settle_twin.py",
        "a kernel of the settlement: all of them at once against the twin",
    ),
    "analytics/law/cold_days/steps.py": (
        "tests/analytics/settlement/test_golden_refunds.py",
        "one part of a refund: worked cases to the cent need all parts",
    ),
    "dashboards/console/live.py": (
        "tests/dashboards/console/test_main_panel.py",
        "the page in a real browser",
    ),
    "dashboards/console/page.py": (
        "tests/dashboards/console/test_main_panel.py",
        "the page in a real browser",
    ),
    "dashboards/console/style.py": (
        "tests/dashboards/console/test_main_panel.py",
        "the page in a real browser",
    ),
    "dashboards/serve.py": (
        "tests/dashboards/console/test_main_panel.py",
        "the page in a real browser",
    ),
    "domain/reading.py": ("tests/ingest/codecs/test_native.py", "words without behaviour"),
    "heatwatch/__main__.py": ("tests/heatwatch/cli/test_app.py", "exit codes as they come out"),
    "heatwatch/bench/ingest.py": (
        "tests/heatwatch/bench/test_consume.py",
        "the benchmark as a whole",
    ),
    "heatwatch/cli/settle_show.py": (
        "tests/heatwatch/cli/test_settle.py",
        "a run as drafted, approved and exported there",
    ),
    "heatwatch/cli/codes.py": ("tests/heatwatch/cli/test_app.py", "exit codes as they come out"),
    "heatwatch/cli/demo.py": (
        "tests/test_commands.py",
        "help, example and wrong calls of every command",
    ),
    "ingest/codecs/message.py": (
        "tests/ingest/codecs/test_contract.py",
        "what every codec is held to",
    ),
    "ingest/mqtt/program.py": (
        "tests/ingest/mqtt/test_mosquitto.py",
        "a value alone: tested with the program that it is",
    ),
    "heatwatch/diagnosis/finding.py": (
        "tests/heatwatch/diagnosis/test_checks.py",
        "values alone, which every check makes",
    ),
    "heatwatch/durability/telegraf.py": (
        "tests/heatwatch/durability/test_run.py",
        "runs beside ours, where it is on PATH",
    ),
    "ingest/mqtt/broker_amqtt.py": ("tests/ingest/mqtt/test_mosquitto.py", "one of the brokers"),
    "store/books/ledger.py": (
        "tests/store/books/test_revise.py",
        "tables alone: the migrations make exactly them",
    ),
    "store/books/registry.py": (
        "tests/store/books/test_revise.py",
        "tables alone: the migrations make exactly them",
    ),
    "store/books/tables.py": (
        "tests/store/books/test_revise.py",
        "tables alone: the migrations make exactly them",
    ),
    "store/books/watch.py": (
        "tests/store/books/test_revise.py",
        "tables alone: the migrations make exactly them",
    ),
    "store/journal/schema.py": ("tests/store/journal/test_journal.py", "tables and columns alone"),
    "store/journal/tables.py": ("tests/store/journal/test_journal.py", "tables and columns alone"),
}

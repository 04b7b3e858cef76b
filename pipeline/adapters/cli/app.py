"""The commands of `tocsin`, all on one screen."""

from collections.abc import Callable
from typing import Any, Final

import typer
from typer.core import TyperGroup

from pipeline.adapters.cli import explaining, learning, reporting, wording
from pipeline.adapters.cli.exits import with_exit_codes
from pipeline.adapters.cli.live import broker, config, drill, kafka, offsets, orders, run, stages, waiting
from pipeline.adapters.cli.offline import (
    backtesting,
    diffing,
    gazetteer,
    importing,
    recordings,
    reference,
    replay,
    scoring,
    simulate,
    story,
)
from pipeline.adapters.cli.streams import prepare, silence
from pipeline.flow import KEYED

_HELP: Final = "Hears an outage before the call centre does: telemetry, tickets and mentions in, incidents out."
_EXITS: Final = (
    "Exit codes: 0 ok, 1 finding or difference, 2 usage or settings, 3 no connection, 70 infrastructure failure."
)


_ORDER: Final = (
    *(
        "demo",
        "story",
        "replay",
        "run",
        "simulate",
        "import",
        "recordings",
        "score",
        "diff",
        "backtest",
        "explain",
        "learn",
    ),
    *(
        "topics",
        "offsets",
        "ingest",
        "agents",
        "follow",
        "ack",
        "silence",
        "exercise",
        "confirm",
        "dismiss",
        "usual",
        "approve",
        "edit",
        "reject",
        "record",
        "play",
        "drill",
    ),
    *("config", "metrics", "reference", "wording", "gazetteer", "broker", "version"),
)


def _place(name: str) -> int:
    """Where a command stands in the list; a hidden one, which the list leaves out, stands last."""
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


class _InOrder(TyperGroup):
    """Lists commands in the order in which a newcomer needs them; by itself Typer puts groups last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All commands."""
        names = super().list_commands(ctx)
        return sorted(names, key=_place) if ctx.parent is None else names


def _epilog(*examples: str) -> str:
    kept = "\b"  # Click wraps the lines of a paragraph unless it begins so
    return "\n".join([kept, "Examples:", *(f"  $ {example}" for example in examples), "", _EXITS])


def _new(text: str, *examples: str) -> typer.Typer:
    return typer.Typer(
        cls=_InOrder,
        help=text,
        epilog=_epilog(*examples),
        no_args_is_help=True,
        rich_markup_mode=None,  # plain: it can be piped and copied, and `--help` takes half of the time
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def _add(app: typer.Typer, name: str, command: Callable[..., None], *examples: str) -> None:
    app.command(name, epilog=_epilog(*examples))(with_exit_codes(command))


def _group(name: str, text: str, *examples: str) -> typer.Typer:
    group = _new(text, *examples)
    app.add_typer(group, name=name)
    return group


def show_version() -> None:
    """Tell which Tocsin this is."""
    import platform
    from importlib.metadata import version

    from pipeline import compiled

    typer.echo(f"tocsin {version('tocsin')} on Python {platform.python_version()}; {compiled.state()}")


app = _new(_HELP, "tocsin demo", "tocsin replay may.jsonl.zst", "tocsin run may.jsonl.zst --speed 60")
_add(app, "demo", story.demo, "tocsin demo", "tocsin demo -o /tmp/demo")
_add(app, "story", story.story, "tocsin story", "tocsin story o2-2012", "tocsin story att-2010 --seed 7 -o runs/cells")
_add(
    app,
    "replay",
    replay.replay,
    "tocsin replay may.jsonl.zst -o runs/may",
    "tocsin replay may.jsonl.zst --since 2025-02-12T09:00+01:00 --until '2025-02-13 00:00 Europe/Berlin'",
    "tocsin replay may.jsonl.zst --format json | jq .severity",
)
_add(
    app,
    "report",
    reporting.report,
    "tocsin report 903539 --run runs/may",
    "tocsin report 903539 -r runs/may -o /tmp/reports",
)
_add(app, "run", run.run, "tocsin run", "tocsin run may.jsonl.zst --speed 600 --verbose", "tocsin run --all")
_add(
    app,
    "simulate",
    simulate.simulate,
    "tocsin simulate --list",
    "tocsin simulate o2-2012 --describe --seed 7 --picture o2.svg",
    "tocsin simulate netcologne-2025 --seed 7 --days 2 -o world.jsonl.zst",
)
_add(
    app,
    "import",
    importing.import_files,
    "tocsin import --check tickets.csv",
    "tocsin import posts.csv --kind mentions --map text=body --set platform=x --set operator=o2-uk -o posts.jsonl.zst",
    "tocsin import tickets.csv --kind tickets --map service=class --values service:INET=broadband,TEL=fixed_voice"
    " --time-format '%d.%m.%Y %H:%M' --time-zone Europe/Berlin -o tickets.jsonl.zst",
    "tocsin import calls.csv --kind counts --map observed_at=timestamp --set metric=calls_offered --set area=DE/NW"
    " --set operator=netcologne -o calls.jsonl.zst",
    "tocsin import --streams quarter.toml -o may.jsonl.zst --since 2025-05-01T00:00+02:00 --until '2025-06-01 00:00"
    " Europe/Berlin'",
)
_add(
    app,
    "explain",
    explaining.explain,
    'tocsin explain "no signal in Hexham since six" --market GB --operator three-uk',
    'tocsin explain "toujours rien" --lang fr --format json | jq .parts',
)
_add(
    app,
    "learn",
    learning.learn,
    "tocsin learn may.jsonl.zst posts.csv -o learnt",
    "tocsin replay may.jsonl.zst --set reference.learnt=learnt",
)
_add(
    app,
    "diff",
    diffing.diff,
    "tocsin diff runs/before runs/after",
    "tocsin diff runs/before runs/after --tolerance 30s --ignore texts,rest",
    "tocsin diff runs/before runs/after --only-confirmed --format junit > diff.xml",
)
_add(
    app,
    "score",
    scoring.score,
    "tocsin score runs/may",
    "tocsin score runs/* --html score.html --min recall=0.95 --max false_confirmed_rate=1",
    "tocsin score runs/may --truth log.csv --columns start=Beginn,end=Ende,place=Ort,service=Dienst"
    " --values service:Internet=broadband --operator netcologne --time-format '%d.%m.%Y %H:%M'"
    " --time-zone Europe/Berlin",
)
_add(
    app,
    "backtest",
    backtesting.backtest,
    "tocsin backtest --settings new.toml last-year/*.jsonl.zst -o runs/last-year",
    "tocsin backtest --set detect.promise_days=7 --tolerance 30s last-year",
    "tocsin backtest --settings new.toml --baseline prod.toml --jobs 4 last-year --format json",
)
_add(app, "ingest", stages.ingest, "tocsin ingest -c prod.toml", "tocsin ingest --bootstrap kafka:9092 --first-start")

agents = _group(
    "agents",
    f"The stages that keep state: {', '.join(stage.name for stage in KEYED)}.",
    *(f"tocsin agents {stage.name} -c prod.toml" for stage in KEYED),
)
for _stage in KEYED:
    _run = f"tocsin agents {_stage.name}"
    _add(agents, _stage.name, stages.agent_command(_stage), f"{_run} -c prod.toml", f"{_run} --rebuild")

_add(app, "follow", kafka.follow, "tocsin follow --bootstrap kafka:9092", "tocsin follow --new --format json")
_add(
    app,
    "waiting",
    waiting.waiting,
    "tocsin waiting",
    "tocsin waiting 903539",
    "tocsin waiting --market DE --format json | jq -r .order",
)
_ack = orders.order_command("acknowledge", "Say that an incident is in hands.")
_add(app, "ack", _ack, "tocsin ack 903539", "tocsin ack 903539 --as noc-koeln --why 'core network, cause is sought'")
_add(
    app,
    "silence",
    orders.silence,
    "tocsin silence 903539 --for 2h --why 'customers are told by the hotline'",
    "tocsin silence netcologne@DE/NW --market DE --until 2026-05-01T06:00:00Z --why 'core upgrade'",
)
_add(
    app,
    "exercise",
    orders.exercise,
    "tocsin exercise netcologne@DE/NW --market DE --service emergency --for 2h --why 'yearly drill' --as duty-manager",
)
_add(
    app,
    "maintenance",
    orders.maintenance,
    "tocsin maintenance netcologne@DE/NW --market DE --from 2026-05-01T02:00:00Z --for 4h --why 'core routers'",
    "tocsin maintenance rogers@CA/ON --market CA --from '2026-01-06 00:00 America/Toronto' --for 4h --id chg-20417 "
    "--again 'FREQ=MONTHLY;BYDAY=1TU;COUNT=12' --why 'core routers'",
)
_confirm = orders.order_command("confirm", "Say that an incident is real, whatever the evidence.")
_add(app, "confirm", _confirm, "tocsin confirm 903539 --why 'seen in the field'")
_dismiss = orders.order_command(
    "dismiss", "Say that an incident is none; the same evidence opens no new one for a while."
)
_add(app, "dismiss", _dismiss, "tocsin dismiss 903539 --why 'a joke that went round'")
_add(
    app,
    "usual",
    orders.usual,
    "tocsin usual netcologne@DE/NW/koeln --market DE --service broadband --why 'a slower tariff since Monday'",
)
_approve = orders.order_command("approve", "Approve a draft, or all drafts of an incident.")
_add(app, "approve", _approve, "tocsin approve 903539 --as press-office")
_add(
    app,
    "edit",
    orders.edit,
    "tocsin edit 7be09d --body 'We are working on it.' --why 'shorter'",
    "tocsin edit 7be09d --body - < text.txt",
)
_reject = orders.order_command("reject", "Withdraw a draft, or all drafts of an incident.")
_add(app, "reject", _reject, "tocsin reject 7be09d --why 'the cause is not certain'")
_withdraw = orders.order_command("withdraw", "Take a backup back to standby, or all backups of an incident.")
_add(app, "withdraw", _withdraw, "tocsin withdraw 5c1f88 --as duty-manager --why 'the lines are back'")
_add(
    app,
    "record",
    kafka.record,
    "tocsin record -o today.jsonl.zst",
    "tocsin record -o noon.jsonl.zst --since 2026-05-01T12:00:00Z --until 2026-05-01T13:00:00Z",
)
_add(app, "play", kafka.play, "tocsin play may.jsonl.zst --speed 60", "tocsin play may.jsonl.zst --speed max")
_add(app, "drill", drill.drill, "tocsin drill --list", "tocsin drill TocsinBrokerGone")

topics = _group(
    "topics",
    "Topics: list, create, check, rights.",
    "tocsin topics list",
    "tocsin topics create",
    "tocsin topics check",
)
_add(topics, "create", kafka.topics_create, "tocsin topics create -c prod.toml", "tocsin topics create --replication 1")
_add(topics, "list", kafka.topics_list, "tocsin topics list", "tocsin topics list --format json")
_add(
    topics,
    "strimzi",
    kafka.topics_strimzi,
    "tocsin topics strimzi -c prod.toml",
    "tocsin topics strimzi --cluster kafka",
)
_add(topics, "acl", kafka.topics_acl, "tocsin topics acl -c prod.toml", "tocsin topics acl --form strimzi --user app")
_add(topics, "check", kafka.topics_check, "tocsin topics check -c prod.toml")

places_read = _group(
    "offsets",
    "Where stages stand in Kafka, and how they go on: show, skip-lost, lay-out.",
    "tocsin offsets show -c prod.toml",
)
_add(places_read, "show", offsets.show, "tocsin offsets show -c prod.toml", "tocsin offsets show --format json")
_add(places_read, "skip-lost", offsets.skip_lost, "tocsin offsets skip-lost -c prod.toml")
_add(places_read, "lay-out", offsets.lay_out, "tocsin offsets lay-out -c prod.toml")

files = _group(
    "recordings",
    "Recordings on disk: info, verify, validate, stats, redact.",
    "tocsin recordings stats may.jsonl.zst",
)
_add(files, "info", recordings.info, "tocsin recordings info may.jsonl.zst")
_add(files, "verify", recordings.verify, "tocsin recordings verify may.jsonl.zst")
_add(files, "validate", recordings.validate, "tocsin recordings validate may.jsonl.zst --format json")
_add(files, "stats", recordings.stats, "tocsin recordings stats may.jsonl.zst")
_add(
    files,
    "redact",
    recordings.redact,
    "tocsin recordings redact may.jsonl.zst -o may-redacted.jsonl.zst",
    "tocsin recordings redact may.jsonl.zst -o may-redacted.jsonl.zst --keep-text masked",
)
for _name in ("redact", "stats", "validate"):  # short ways to the same commands; the list of commands stays short
    app.command(_name, hidden=True)(with_exit_codes(getattr(recordings, _name)))

settings = _group(
    "config", "Settings: show, check, example.", "tocsin config show --changed", "tocsin config check -c prod.toml"
)
_add(settings, "show", config.show, "tocsin config show", "tocsin config show --changed --format json")
_add(settings, "example", config.example, "tocsin config example > tocsin.toml")
_add(settings, "check", config.check, "tocsin config check -c prod.toml")
_add(app, "metrics", config.metrics, "tocsin metrics > docs/metrics.md")

known = _group("reference", "Markets, operators, words: begin and check.", "tocsin reference new-market BE -o mine")
_add(known, "new-market", reference.new_market, "tocsin reference new-market BE -o my-reference")
_add(known, "places", reference.build_places, "tocsin reference places BE -o my-reference")
_add(known, "check", reference.check, "tocsin reference check --set reference.folder=my-reference")
words = _group("wording", "The sentences that people read: check, preview.", "tocsin wording check")
_add(words, "check", wording.check, "tocsin wording check --set reference.folder=my-reference")
_add(words, "preview", wording.preview, "tocsin wording preview 903539 --run runs/may --language de --outlet web")
places = _group("gazetteer", "Places and postcodes.", "tocsin gazetteer build")
_add(places, "build", gazetteer.build, "tocsin gazetteer build", "tocsin gazetteer build --no-npm")

kafkas = _group("broker", "An Apache Kafka of one node, to try things out.", "tocsin broker install")
_add(kafkas, "install", broker.install, "tocsin broker install")
_add(kafkas, "run", broker.run, "tocsin broker run --port 9092 --data .build/kafka")

_add(app, "version", show_version, "tocsin version")


def main() -> None:
    """Run the command line; whoever reads it may go at any time."""
    prepare()
    try:
        app(prog_name="tocsin")
    except BrokenPipeError:
        silence()

"""What the Kafka shell must be told: where Kafka is, whose work it does, how patient it is.

Frozen dataclasses without a file, an environment or a command line behind
them: `pipeline.adapters.settings` fills them, tests do so by hand. Every
default that is not obvious says where it comes from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.adapters.kafka.layout import Layout, even_layout
from pipeline.flow import INGEST
from pipeline.kinds import Topic
from pipeline.records.clocks import SOURCES
from pipeline.records.errors import ConfigError

REQUEST_BYTES_MAX = 64 * 1024 * 1024
"""Largest request of a producer: above any slot, below the broker's socket.request.max.bytes (100 MiB)."""


def group_of(stage: str, prefix: str) -> str:
    """Consumer group of a stage, by the stage's name.

    >>> group_of("detect", "prod.")
    'prod.tocsin-detect'
    """
    return f"{prefix}tocsin-{stage}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How we log in to Kafka, in words for messages; no secret is in it.

    Attributes:
        user: Name of the user.
        protocol: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.
        mechanism: Of SASL; empty without it.
        password: The setting, and file if any, that the password comes from; empty if there is none.
        authorities: The setting and file of the certificate authorities; empty for those of the system.
        certificate: The setting and file of our own certificate; empty if there is none.
    """

    user: str = "ANONYMOUS"
    protocol: str = "PLAINTEXT"
    mechanism: str = ""
    password: str = ""
    authorities: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Where Kafka is, and as whom we speak to it.

    Attributes:
        bootstrap: Brokers, `host:port` with commas between them.
        security: Keyword arguments of every aiokafka client: `security_protocol`,
            `ssl_context`, `sasl_mechanism`, `sasl_plain_username` and so on.
        prefix: What the deployment puts before the noun of each topic.
        client_id: Name in the broker's logs and quotas.
        login: The same as `security`, for messages.
        raw: Source to the whole names of its topics, where they are not the prefix and the source's noun.
    """

    bootstrap: str
    security: Mapping[str, Any] = field(default_factory=dict)
    prefix: str = ""
    client_id: str = "tocsin"
    login: Login = field(default_factory=Login)
    raw: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def client(self) -> dict[str, Any]:
        """Keyword arguments that every aiokafka client takes."""
        return {"bootstrap_servers": self.bootstrap, "client_id": self.client_id, **self.security}

    def topic(self, noun: str) -> str:
        """Full name of a topic."""
        return self.prefix + noun

    def noun(self, topic: str) -> str:
        """Noun of a topic, from its full name."""
        return topic.removeprefix(self.prefix)

    def raw_topics(self, sources: Iterable[str] = SOURCES) -> dict[str, tuple[str, ...]]:
        """Whole names of the topics that each source is read from."""
        return {source: self.raw.get(source) or (self.topic(source),) for source in sources}


@dataclass(frozen=True, slots=True, kw_only=True)
class Partitions:
    """How many partitions each topic has: 1 or more, fixed for an epoch.

    Attributes:
        lanes: Each raw topic that Tocsin makes has so many. Those of others may have any number: INGEST has as many
            lanes as the source with the most partitions, and no more processes of it can work at a time.
        signals: The topic `signals` and the state of DETECT have so many; no more processes of DETECT can work at
            a time. Another number needs new topics and a new epoch.
        anomalies: The topic `anomalies` and the state of CORRELATE have so many. A market lies in one of them, so
            more than there are markets are of no use.
        incidents: The topic `incidents` has so many; whoever follows it can share them out.
        others: Each other topic has so many.
    """

    lanes: int = 4
    signals: int = 24
    anomalies: int = 6
    incidents: int = 12
    others: int = 3

    def __post_init__(self) -> None:
        """Refuse a count below 1."""
        for name in ("lanes", "signals", "anomalies", "incidents", "others"):
            if (count := getattr(self, name)) < 1:
                raise ConfigError(f"partitions.{name} = {count}: must be 1 or more")

    def of(self, topic: Topic) -> int:
        """How many partitions a topic of the map has."""
        count: int = getattr(self, topic.partitions)
        return count


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """How one process of INGEST runs.

    Attributes:
        group: Kafka consumer group; its name also leads the producers' transactional ids.
        epoch: Of the raw topics. Offsets committed under another one are not used.
        partitions: Counts of the topics that Tocsin makes.
        layout: Which partition of which raw topic is which lane; None = of even topics of `partitions.lanes` each.
        batch_seconds: A batch ends this long after its first record.
        batch_records: Or with so many records, whichever is first.
        fetch_records: Most records taken from the fetch buffer at a time; they are worked on in slices of time, between
            which heartbeats leave and transactions go on.
        heartbeat_seconds: Quiet time after which a raw partition gets a heartbeat; None while a recording is played.
        horizon_ms: Event time by which a lane may be ahead of the least clock; None lets it run.
        session_seconds: Kafka takes a process for dead after this long without a word.
        watch_seconds: An assigned partition that nobody takes over ends the process after so long.
        take_over_seconds: And one that is being taken over, after so long: a broker that has just started answers
            slowly, and a process that ends then makes the others begin again.
        stop_seconds: A planned stop takes at most so long.
        first_start: Begin at the start of the log where nothing was committed yet.
    """

    connection: Connection
    group: str = "tocsin-ingest"
    epoch: int = 1
    partitions: Partitions = field(default_factory=Partitions)
    layout: Layout | None = None
    sources: tuple[str, ...] = tuple(topic.noun for topic in INGEST.reads)
    batch_seconds: float = 2.0
    batch_records: int = 50_000
    fetch_records: int = 2_500
    heartbeat_seconds: float | None = 2.0
    horizon_ms: int | None = 300_000
    session_seconds: float = 10.0
    watch_seconds: float = 10.0
    take_over_seconds: float = 60.0
    stop_seconds: float = 4.0
    first_start: bool = False

    @property
    def laid_out(self) -> Layout:
        """The layout of lanes."""
        return self.layout or even_layout(self.connection.raw_topics(self.sources), self.partitions.lanes)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentOptions:
    """How one process of a Faust stage runs.

    Attributes:
        group: Kafka consumer group and Faust's name for the app.
        epoch: Of the input topic. A state of another one is not used.
        partitions: Of the input topic and of the state topic.
        instance: Static membership (a pod's name): a quick restart then moves no partition.
        flush_seconds: Outputs wait at most so long.
        flush_messages: Or until so many wait.
        snapshot_seconds: A stage that holds back writes its state this often.
        snapshot_records: Or after so many records.
        session_seconds: Kafka takes a process for dead after this long without a word.
        request_seconds: Faust cancels a take-over after this long without a word; ours ends at 0.8 of it.
        stall_seconds: Records at hand and none done for so long ends the process.
        stop_seconds: A planned stop takes at most so long.
        first_start: Begin at the start of the log where there is no state yet.
        rebuild: Throw the state away and make it again from the log.
    """

    connection: Connection
    group: str
    epoch: int = 1
    partitions: int = 24
    instance: str | None = None
    flush_seconds: float = 0.3
    flush_messages: int = 200
    snapshot_seconds: float = 60.0
    snapshot_records: int = 1_000
    session_seconds: float = 30.0
    request_seconds: float = 300.0
    stall_seconds: float = 60.0
    stop_seconds: float = 4.0
    first_start: bool = False
    rebuild: bool = False

    @property
    def load_seconds_max(self) -> float:
        """Deadline of a take-over: before Faust's own, which passes without a word."""
        return 0.8 * self.request_seconds

    @property
    def transaction_seconds(self) -> float:
        """Kafka aborts a transaction that is open for so long.

        What a dead process left open holds back its readers until then. Its partitions stand still until the
        session is over, so half of that does no more harm, and a process that is short of CPU can go on.
        """
        return max(5.0, self.session_seconds / 2)

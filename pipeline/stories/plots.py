"""The five stories: what was reported of five real outages, and what each asks of Tocsin.

The facts are those of the public reports; where these disagree, both stand.
What is asked is a sentence and a function that looks for it in a run: no
story says by itself what Tocsin can do.
"""

from typing import Final

from pipeline.stories import answered, found, worded
from pipeline.stories.backups import LIVE_TV_BACKUPS, NETCOLOGNE_BACKUPS, O2_BACKUPS, ORANGE_BACKUPS
from pipeline.stories.plot import Fact, Plot
from pipeline.stories.verdicts import Asked, Check


def _asked(*pairs: tuple[str, Check]) -> tuple[Asked, ...]:
    return tuple(Asked(sentence=sentence, check=check) for sentence, check in pairs)


NEXT: Final = (
    *_asked(
        ("An answer for each person who complained, on a clock, and the share that got one", answered.replies),
        ("“Yours, not ours”: one customer’s own fault is told from an outage", answered.yours),
        ("The channel, programme, technology or element that is down", found.item),
        ("The team that it goes to", found.team),
        ("A rumour gets a correction", answered.rumours),
        ("Blame with its share and its denial, apart from who is at fault", found.blame),
        ("Reactions, mood and talk of leaving one day and one week after", answered.after),
        ("Waiting, giving up and satisfaction at the hotline", answered.call_centre),
        ("Whether the backup channel helped", answered.backup_helped),
    ),
    Asked(sentence="An exercise that nothing can mistake for the real thing", check=answered.exercise, of_outage=False),
)
"""What people do next: asked of every story."""

_MADE_UP: Final = (
    "All texts and all figures of telemetry, tickets and the call centre are made up by a seeded simulator."
)

_TOWNS: Final = "The world holds the people of ten towns, the pipeline’s reference all customers of the nation."

ORANGE: Final = Plot(
    name="orange-2012",
    backups=ORANGE_BACKUPS,
    title="Orange France, 6 July 2012: a mobile network falls silent, and so does its operator",
    facts=(
        Fact(when="15:10", text="The network fails, by press reports; 26 to 28 million mobile customers."),
        Fact(when="16:15", text="Mass complaints begin: customers react within minutes, “my phone must be broken”."),
        Fact(
            when="two days",
            text="41,461 actions on the operator’s page, 2,000 % above its trend; 41,454 of them are reactions.",
        ),
        Fact(
            when="meanwhile", text="Free Mobile is blamed for saturating the network; it is hosted on it, and down too."
        ),
        Fact(when="22:14", text="The operator’s first post: six hours after the first mass complaints."),
        Fact(when="00:30", text="Voice and SMS are back; data at 03:20. In all the operator posts five times."),
        Fact(when="later", text="A free day, 1 GB, a cinema ticket: tens of millions of euros."),
    ),
    sources=("Dynvibe, study of the operator’s Facebook page, July 2012",),
    simulated=f"{_MADE_UP} {_TOWNS}",
    asked=_asked(
        ("Activity against a usual day", answered.activity),
        ("People, not posts", answered.people),
        ("Reactions count as well as posts", answered.reactions),
        ("The time to the operator’s first word", answered.first_word),
        ("How often it speaks, and when the next word is due", answered.cadence),
        ("What people talk about: prices, compensation, blame, professionals, thanks", answered.topics),
        ("The mood before and after each of the operator’s words", answered.sentiment),
        ("Operators that are down because they are hosted on this network", found.hosted),
        ("Operators that are only blamed stay apart", found.collateral),
        ("Who is owed what", answered.compensation),
    ),
)

ATT: Final = Plot(
    name="att-2010",
    title="AT&T, 2010: faults of single cells, seen in a handful of posts",
    heading="What the study found",
    facts=(
        Fact(when="2010", text="Posts that name “network”, “outage”, “3G” are joined with time and place."),
        Fact(when="result", text="90 % of what was flagged was about the network."),
        Fact(
            when="result",
            text="Maintenance dealt with faults 20 minutes earlier, on average, than by customer service.",
        ),
        Fact(when="doubt", text="The study’s own question: are a few posts enough?"),
    ),
    simulated=_MADE_UP,
    asked=_asked(
        ("What is flagged is about the network", found.relevance),
        ("Which problem", found.problem),
        ("Where", found.place),
        ("When", found.start),
        ("Who knew first: a ledger of each source", found.ledger),
        ("Four to six posts of one place are enough", found.few_posts),
        ("Earlier than through customer service", found.before_care),
    ),
)

LIVE_TV: Final = Plot(
    name="live-tv",
    backups=LIVE_TV_BACKUPS,
    title="Live TV: one channel goes black on a match night",
    heading="What a guide to such crises asks for",
    facts=(
        Fact(when="always", text="Viewers of a live match complain within seconds: nobody watches it later."),
        Fact(when="first", text="Classify: general or localised, technical or content, temporary or prolonged."),
        Fact(
            when="at once", text="Acknowledge, even without the cause; 60 % of customers expect help within the hour."
        ),
        Fact(when="then", text="Updates with an estimated end, an apology, alternatives, each outlet in its own tone."),
        Fact(when="after", text="A survey, an analysis of the cause, and what was mended told to customers."),
    ),
    sources=("a guide to crises of live television",),
    simulated=_MADE_UP,
    asked=_asked(
        ("General or localised", found.extent),
        ("Technical or content", found.nature),
        ("Temporary or prolonged", found.duration),
        ("An early word, even without the cause", answered.draft),
        ("Updates with an estimated end", answered.updates),
        ("An all-clear when it is over, and not before", worded.all_clear),
        ("An apology", answered.apologies),
        ("Each outlet, audience and tone: push, e-mail, web, Facebook, X, chat", answered.outlets),
        ("Who writes, who approves", answered.approval),
        ("Alternatives: replay, video on demand, discounts", answered.alternatives),
        ("A satisfaction survey", answered.survey),
        ("An analysis of the cause", answered.cause_analysis),
        ("Corrective measures, told to customers", answered.corrective),
        ("A status page: progress, how the estimated end moved, areas back", answered.status_page),
    ),
)

NETCOLOGNE: Final = Plot(
    name="netcologne-2025",
    backups=NETCOLOGNE_BACKUPS,
    days=3.0,
    title="NetCologne, 12 February 2025: phone, internet and TV fail, and emergency calls with them",
    facts=(
        Fact(
            when="09:00", text="A configuration error in the core network: 470,000 customers (477,000 lines by others)."
        ),
        Fact(when="09:21", text="Until 09:35 a crowd site hears 4,488 reports; usual are 4."),
        Fact(when="all day", text="The emergency numbers 110 and 112 cannot be reached from these lines."),
        Fact(when="12:15", text="The public warning apps tell people, 160 to 174 minutes after the crowd."),
        Fact(when="16:00", text="The first customers are back; all of them at 17:15."),
    ),
    simulated=f"{_MADE_UP} So are the operator’s posts and their times; start, end, places, customers are real.",
    asked=_asked(
        ("Emergency calls that fail are flagged", found.emergency),
        ("One ticket or two people who say so are enough, within a minute", found.emergency_soon),
        ("Backups are proposed, each with guard rails", answered.failovers),
        ("Forwarding to mobile lines, decided in advance", answered.forwarding),
        ("A phone bot for the routine questions", answered.phone_bot),
        ("The call centre’s own figures count: waiting, giving up, satisfaction", answered.call_centre),
        ("A draft for the public warning system (CAP)", answered.warning),
        ("Every text begins with emergency calls that fail, once that is known", worded.emergency_words),
        ("The next word comes when it was promised, even if nothing changed", worded.promises),
        ("Several outlets at once", answered.outlets),
        ("Where: the towns", found.place),
        ("How many customers", found.customers),
        ("Operators hosted on this network that fail with it", found.hosted),
    ),
)

O2: Final = Plot(
    name="o2-2012",
    backups=O2_BACKUPS,
    title="O2 UK, 11 July 2012: one phone in three is dead, and the next one works",
    facts=(
        Fact(
            when="11 July",
            text="A subscriber register fails, as all signs say: 2G and 3G down for a third of 23 million.",
        ),
        Fact(when="meanwhile", text="In the same room one phone works and the next does not. The status page crashes."),
        Fact(when="20 hours", text="Back for most after about 20 hours, for some after 24."),
        Fact(when="later", text="An apology, 10 % of July, a voucher - and the question what is proactive."),
    ),
    simulated=f"{_MADE_UP} {_TOWNS}",
    asked=_asked(
        ("Not geographic is told from local and from national", found.extent),
        ("How many customers", found.customers),
        ("Who is owed what", answered.compensation),
        ("The regulator’s clock: until when it must be told, and the draft", answered.regulators),
        ("The mood recovers, or not, after the end", answered.after),
        ("A status page that has something to say", answered.status_page),
        ("The operator’s first word, and its grade", answered.first_word),
    ),
)

PLOTS: Final = {plot.name: plot for plot in (ORANGE, ATT, LIVE_TV, NETCOLOGNE, O2)}
"""In the order in which they happened, as far as one can say."""

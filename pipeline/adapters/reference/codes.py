"""Codes of the reference that name nobody: what a redacted recording keeps as it is."""

from pipeline.adapters.recordings.care.redacting import Known
from pipeline.adapters.reference.folder import load_operators, load_places, reference_folder
from pipeline.adapters.reference.language import read_lexicon
from pipeline.adapters.settings import Settings


def known_codes(settings: Settings) -> Known:
    """Operators, places and channels, as the settings' reference knows them; about a second.

    Raises:
        ConfigError: Lists what is wrong with the reference.
    """
    folder = settings.reference.folder or reference_folder()
    return Known(
        market_of={operator.id: operator.market for operator in load_operators(folder)},
        places=load_places(settings.reference.gazetteer, reference=folder),
        items=frozenset(channel.id for channel in read_lexicon(folder / "lexicon").channels),
    )

"""The sentences that the program ships, for tests of what says them."""

from typing import Final

from pipeline.adapters.reference.folder import reference_folder
from pipeline.adapters.reference.wording import read_wording

WORDING: Final = read_wording(reference_folder() / "wording")

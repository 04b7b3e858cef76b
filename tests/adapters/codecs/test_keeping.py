"""What is kept on disk is read again only if it is whole and nobody else could have written it."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.adapters.codecs.keeping import KEYS_MAX, Kept


class Maker:
    """Makes a thing, and counts how often."""

    def __init__(self, thing: object) -> None:
        self.thing, self.times = thing, 0

    def __call__(self) -> object:
        self.times += 1
        return self.thing


def test_a_thing_is_made_once_for_each_key(tmp_path: Path) -> None:
    maker = Maker({"a": [1, 2]})
    assert [Kept(tmp_path, "k").get("n", maker) for _ in range(3)] == [{"a": [1, 2]}] * 3
    assert maker.times == 1
    Kept(tmp_path, "other").get("n", maker)
    assert maker.times == 2


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-1]), id="cut_off"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes() + b"x"), id="longer"),
        pytest.param(lambda path: path.write_bytes(pickle.dumps("bare pickle")), id="another_form"),
        pytest.param(lambda path: path.chmod(0o666), id="others_can_write_it"),
        pytest.param(lambda path: path.parent.chmod(0o777), id="others_can_write_its_folder"),
        pytest.param(lambda path: path.parent.parent.chmod(0o777), id="others_can_replace_its_folder"),
    ],
)
def test_what_is_damaged_or_could_be_somebody_else_s_is_made_anew(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    maker = Maker("thing")
    Kept(folder, "k").get("n", maker)
    spoil(folder / "k" / "n")
    assert Kept(folder, "k").get("n", maker) == "thing"
    assert maker.times == 2


def test_what_cannot_be_written_or_packed_is_made_each_time_and_no_mistake(tmp_path: Path) -> None:
    nowhere = tmp_path / "a file"
    nowhere.write_text("no folder")
    for folder, thing in ((nowhere, "thing"), (tmp_path / "kept", lambda: None)):
        maker = Maker(thing)
        for _ in range(2):
            assert Kept(folder, "k").get("n", maker) is thing
        assert maker.times == 2


def test_old_keys_are_forgotten(tmp_path: Path) -> None:
    for number in range(KEYS_MAX + 4):
        Kept(tmp_path, f"key-{number}").get("n", Maker(number))
    assert len(list(tmp_path.iterdir())) == KEYS_MAX
    assert (tmp_path / f"key-{KEYS_MAX + 3}" / "n").is_file()

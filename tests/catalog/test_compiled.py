"""The bundled catalog in its compiled form: the same as its plan files, and used only while it is."""

import shutil
from pathlib import Path

import pytest

from validator.catalog.compiled import NAME, read_compiled
from validator.catalog.load import load_directory
from validator.config import data_directory

PLANS = data_directory("plans")


def test_the_compiled_catalog_is_fresh() -> None:
    assert read_compiled(PLANS) == load_directory(PLANS), "run: python -m tests.refresh"


@pytest.mark.parametrize("change", ["edited", "added", "removed", "damaged", "of another shape", "absent"])
def test_a_compiled_catalog_counts_only_while_it_fits(change: str, tmp_path: Path) -> None:
    shutil.copytree(PLANS, plans := tmp_path / "plans")
    assert read_compiled(plans) == read_compiled(PLANS)
    event = plans / "events" / "signed-in.yaml"
    if change == "edited":
        event.write_text(event.read_text().replace("Signed In", "Signed in", 1))
    elif change == "added":
        (plans / "events" / "other.yaml").write_text("event: Other\n")
    elif change == "removed":
        event.unlink()
    elif change == "damaged":
        (plans / NAME).write_bytes((plans / NAME).read_bytes()[:-10])
    elif change == "of another shape":
        (plans / NAME).write_bytes((plans / NAME).read_bytes().replace(b'"about"', b'"abort"'))
    else:
        (plans / NAME).unlink()
    assert read_compiled(plans) is None

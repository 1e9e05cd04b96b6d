"""`uclint check --show-values`: findings name what stood there, and only then."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.command import SAMPLES, uclint
from validator.service.lines.sample_values import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PLAN = {
    "name": "Own",
    "rules": [
        {
            "type": "TRACK",
            "key": "Paid",
            "version": 1,
            "jsonSchema": {
                "type": "object",
                "properties": {
                    "properties": {
                        "type": "object",
                        "required": ["id"],
                        "additionalProperties": False,
                        "properties": {
                            "id": {"type": "string"},
                            "plan": {"enum": ["free", "team"]},
                            "seats": {"minimum": 1},
                            "items": {"type": "array", "items": {"properties": {"sku": {"pattern": "^[A-Z]+$"}}}},
                        },
                    }
                },
            },
        }
    ],
}


def paid(**properties: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Paid", "userId": "u", "messageId": "m", "properties": properties}


def messages(folder: Path, data: bytes, *options: str, name: str = "calls.ndjson") -> dict[str, str]:
    (folder / "plan.json").write_text(json.dumps(PLAN))
    (folder / name).write_bytes(data)
    done = uclint("check", name, "--plan", "plan.json", "--format", "json", *options, cwd=folder)
    findings = json.loads(done.stdout)["findings"]
    return {f"{f['code']} {f['instance_location']}": f["message"] for f in findings}


def lines(calls: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(call).encode() + b"\n" for call in calls)


CALLS = [
    paid(id=7, plan="gold", seats=0),
    paid(id=7, plan="silver", items=[{"sku": "A"}, {"sku": "b-1"}, {"sku": "c"}]),
    paid(id=None, plan="x" * 200, other="secret"),
    paid(plan="iron"),
]
SAID = {
    "TP202 /properties/id": ["7", "null"],
    "TP205 /properties/plan": ['"gold"', '"silver"', '"' + "x" * 78 + "…"],
    "TP207 /properties/seats": ["0"],
    "TP206 /properties/items/*/sku": ['"b-1"', '"c"'],
}


@pytest.mark.parametrize("form", ["lines", "array", "batch", "gzip"])
def test_findings_about_values_name_the_first_ones(form: str, tmp_path: Path) -> None:
    data = {
        "lines": lines(CALLS * 40),
        "array": json.dumps(CALLS * 40, indent=1).encode(),
        "batch": json.dumps({"batch": CALLS * 2}).encode() + b"\n",
        "gzip": gzip.compress(lines(CALLS * 40)),
    }[form]
    plain, shown = messages(tmp_path, data), messages(tmp_path, data, "--show-values")
    assert plain.keys() == shown.keys()
    reported = {key: shown[key].removeprefix(plain[key]) for key in plain}
    assert {key: text for key, text in reported.items() if text} == {
        key: f" For example: {', '.join(values)}." for key, values in SAID.items()
    }
    assert max(map(len, SAID.values())) == MOST


def test_without_it_no_value_is_reported(tmp_path: Path) -> None:
    message = json.dumps(messages(tmp_path, lines(CALLS)))
    assert not any(value in message for value in ("gold", "silver", "xxx", "secret", "b-1"))


def test_what_only_may_not_be_there_is_not_shown(tmp_path: Path) -> None:
    assert "secret" not in json.dumps(messages(tmp_path, lines(CALLS), "--show-values"))


def test_one_process_reads_and_standard_input_will_do() -> None:
    data = (SAMPLES / "acquire-paid-subscriptions.flawed.ndjson").read_bytes()
    arguments = ("check", "-u", "acquire-paid-subscriptions", "--show-values", "-j", "2")
    done = uclint(*arguments, stdin=data)
    assert b"one process reads, not 2" in done.stderr
    assert b"For example" in done.stdout


def test_values_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    (tmp_path / "calls.ndjson").write_bytes(lines([paid(id="a", plan="\x1b[31m<b>`| ]]>")]))
    for form in ("text", "markdown", "html", "github", "junit"):
        done = uclint("check", "calls.ndjson", "--plan", "plan.json", "--show-values", "--format", form, cwd=tmp_path)
        assert b"\x1b" not in done.stdout
        assert form in ("text", "github") or b"31m<b>" not in done.stdout
        assert b"For example" in done.stdout

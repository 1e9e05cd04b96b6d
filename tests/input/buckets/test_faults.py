"""What is said when a store fails: what to do, and no address, query or credential."""

from __future__ import annotations

import pickle
import sys
from typing import Any

import pytest

from validator.errors import UsageError
from validator.input.buckets import connection
from validator.input.buckets.connection import Options, check
from validator.input.buckets.faults import StoreError, fault_of
from validator.input.buckets.names import ObjectPath, parse
from validator.input.source import ChangedError

SECRET = "http://user:hunter2@host/b/k?X-Amz-Signature=hunter2"  # noqa: S105 - what must not be shown


class GenericError(Exception):
    """As the library's."""


@pytest.mark.parametrize(
    ("text", "why", "absent", "passing"),
    [
        ("status code: 404 <Code>NoSuchBucket</Code>", "there is no such bucket (NoSuchBucket)", True, False),
        ("status code: 404 Not Found", "there is no such object (status 404)", True, False),
        ("status code: 503 <Code>SlowDown</Code>", "throttled", False, True),
        ("status code: 429", "throttled", False, True),
        ("status code: 500", "the store could not answer (status 500)", False, True),
        ("status code: 403 <Code>RequestTimeTooSkewed</Code>", "the clock of this machine is wrong", False, False),
        ("status code: 400 <Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region>",
         "set AWS_REGION=eu-west-1", False, False),
        ("error performing PUT http://169.254.169.254/latest", "no credentials were found", False, False),
        ("kind: Connect", "the store cannot be reached", False, True),
        ("source: TimedOut", "the store did not answer in time", False, True),
        ("dns error", "the store's name is unknown", False, True),
        ("who knows", "the connection broke", False, True),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_without_secrets(text: str, why: str, absent: bool, passing: bool) -> None:
    fault = fault_of(GenericError(f"{SECRET} {text} {SECRET}"))
    assert isinstance(fault, StoreError)
    assert why in (fault.strerror or "")
    assert "hunter2" not in str(fault)
    assert (fault.absent, fault.passing) == (absent, passing)
    again = pickle.loads(pickle.dumps(fault))  # noqa: S301 - our own
    assert (again.strerror, again.absent, again.passing) == (fault.strerror, absent, passing)


def test_a_failed_condition_is_a_change() -> None:
    class PreconditionError(Exception):
        """As the library's."""

    assert isinstance(fault_of(PreconditionError(SECRET)), ChangedError)
    assert isinstance(fault_of(GenericError("status code: 416")), ChangedError)


@pytest.mark.parametrize("name", ["s3://", "s3://*/x", "s3://host:90/x"])
def test_a_name_without_a_bucket_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="name a bucket"):
        parse(name)


def test_credentials_in_a_name_are_refused_and_not_shown() -> None:
    with pytest.raises(UsageError, match=r"s3://\.\.\.@bucket") as found:
        parse("s3://key:hunter2@bucket/x")
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (Options(endpoint_url="host:9000"), "begins with http"),
        (Options(endpoint_url=SECRET), "set credentials in the environment"),
    ],
)
def test_an_address_that_cannot_work_is_refused(options: Options, why: str) -> None:
    pytest.importorskip("obstore", reason="needs obstore: pip install 'uclint[cloud]'")
    with pytest.raises(UsageError, match=why) as found:
        check(options)
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize(
    ("lacks", "options", "why"),
    [
        ("obstore", Options(), r"pip install 'uclint\[cloud\]'"),
        ("boto3", Options(aws_profile="team"), "pip install boto3"),
    ],
)
def test_what_is_not_installed_is_named(
    lacks: str, options: Options, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == lacks else sys)
    check.cache_clear()
    with pytest.raises(UsageError, match=why):
        check(options)
    check.cache_clear()


def test_keys_in_the_environment_come_before_a_profile_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "team")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    profile: Any = connection._profile
    assert profile(Options()) == "team"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    assert profile(Options()) is None
    assert profile(Options(aws_profile="own")) == "own"


def test_an_object_keeps_what_is_known_of_it_when_pickled() -> None:
    path = ObjectPath.of("s3://b/k", 9, '"e"', found=False)
    again = pickle.loads(pickle.dumps(path))  # noqa: S301 - our own
    assert (again, again.size, again.etag, again.found, again.fault) == ("s3://b/k", 9, '"e"', False, None)

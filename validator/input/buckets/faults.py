"""What went wrong with a store, in a sentence that holds no address, no query and no credential."""

from __future__ import annotations

import re

from validator.errors import UclintError
from validator.input.source import ChangedError

# The code of a store's XML or JSON answer, and the status of the answer.
_CODE = re.compile(r"<Code>\s*([A-Za-z0-9.]{1,60})\s*</Code>")
_STATUS = re.compile(r"status code: (\d{3})")
_EXPECTED_REGION = re.compile(r"<Region>([a-z0-9-]{1,30})</Region>")

_OTHER_REGION = "the bucket is in another region; set AWS_REGION"

# Code -> what it means and what to do.
_BY_CODE = {
    "NoSuchBucket": "there is no such bucket",
    "ContainerNotFound": "there is no such container",
    "RequestTimeTooSkewed": "the clock of this machine is wrong; set it, then read again",
    "RequestExpired": "the request had expired on arrival; is the clock of this machine right?",
    "ExpiredToken": "the credentials have expired; renew them",
    "InvalidAccessKeyId": "the access key is unknown; set other credentials",
    "SignatureDoesNotMatch": "the secret key does not belong to the access key; set other credentials",
    "InvalidObjectState": "the object is archived; restore it first",
    "KMS.DisabledException": "the key that it is encrypted with is disabled",
    "SlowDown": "the store refuses more requests for now (throttled); read again later, or with a smaller -j",
    "PermanentRedirect": _OTHER_REGION,
    "AuthorizationHeaderMalformed": _OTHER_REGION,
}
_BY_STATUS = {
    "301": _OTHER_REGION,
    "400": "the store refused the request",
    "401": "the store does not accept the credentials",
    "403": "access is denied",
    "404": "there is no such object",
    "429": _BY_CODE["SlowDown"],
    "503": _BY_CODE["SlowDown"],
}
_NO_CREDENTIALS = (
    "169.254.169.254",
    "169.254.170.2",
    "metadata.google.internal",
    "metadata/identity",
    "computeMetadata",
)

_ABSENT = frozenset(["NoSuchBucket", "ContainerNotFound", "NoSuchKey", "BlobNotFound"])
_STATUS_OF_KIND = {
    "NotFoundError": "404",
    "FileNotFoundError": "404",
    "PermissionDeniedError": "403",
    "UnauthenticatedError": "401",
}

CHANGED = "the object was replaced while it was read"
GONE = "there is no such object"


class StoreError(OSError):
    """A request to a store failed.

    Attributes:
        absent: Whether what was asked for does not exist.
        passing: Whether the same request may succeed a moment later.
    """

    def __init__(self, why: str, *, absent: bool = False, passing: bool = False) -> None:
        super().__init__(0, why)
        self.absent = absent
        self.passing = passing

    def __reduce__(self) -> tuple[object, ...]:
        return _store_error, (self.strerror, self.absent, self.passing)


def _store_error(why: str, absent: bool, passing: bool) -> StoreError:
    return StoreError(why, absent=absent, passing=passing)


def fault_of(error: BaseException) -> Exception:
    """The error to raise for an error of the client library."""
    if isinstance(error, UclintError) or (isinstance(error, OSError) and error.errno is not None):
        return error  # our own, or the system's
    kind, text = type(error).__name__, str(error)
    code = found[1] if (found := _CODE.search(text)) else ""
    status = found[1] if (found := _STATUS.search(text)) else _STATUS_OF_KIND.get(kind, "")
    if kind == "PreconditionError" or status == "416":  # only bytes that were there are asked for
        return ChangedError(0, CHANGED)
    if any(mark in text for mark in _NO_CREDENTIALS):
        return StoreError("no credentials were found; set them in the environment (docs/cloud.md says how)")
    if kind == "InvalidPathError":
        return StoreError("a key has an empty, '.' or '..' part between its slashes, which cannot be read")
    return _answered(code, status, text) if code or status else StoreError(_transport(text), passing=True)


def _answered(code: str, status: str, text: str) -> StoreError:
    """The error of a request that the store refused."""
    why = _BY_CODE.get(code) or _BY_STATUS.get(status) or "the store could not answer"
    if "AWS_REGION" in why and (region := _EXPECTED_REGION.search(text)):
        why += f"={region[1]}"
    passing = code == "SlowDown" or status == "429" or status.startswith("5")
    absent = code in _ABSENT or (status == "404" and not code)
    return StoreError(f"{why} ({code or f'status {status}'})", absent=absent, passing=passing)


def _transport(text: str) -> str:
    """Why a request got no answer, by what the library's text says."""
    lower = text.lower()
    if "incorrectly configured region" in lower:
        return _OTHER_REGION
    if "timedout" in lower or "timed out" in lower:
        return "the store did not answer in time"
    if "kind: connect" in lower:
        return "the store cannot be reached"
    if "dns" in lower:
        return "the store's name is unknown"
    return "the connection broke"

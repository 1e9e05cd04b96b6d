"""Opens stores with the client library: the only module that imports it."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from validator.errors import UsageError

if TYPE_CHECKING:
    from validator.input.buckets.names import Bucket

INSTALL: Final = "pip install 'uclint[cloud]'"

# Failed requests are repeated with pauses that double, for about half a minute in all.
_RETRIES: Final = 6
_RETRY_SECONDS: Final = 30
_FIRST_PAUSE: Final = timedelta(milliseconds=200)
_LONGEST_PAUSE: Final = timedelta(seconds=8)
_CONNECT_SECONDS: Final = 10
_REQUEST_SECONDS: Final = 60


class Options(NamedTuple):
    """How stores are reached, besides what the environment says.

    Attributes:
        endpoint_url: The address of a server that speaks the protocol of a store.
        aws_profile: The profile of the AWS configuration that has the credentials.
    """

    endpoint_url: str | None = None
    aws_profile: str | None = None


@cache
def check(options: Options) -> None:
    """Refuses options that cannot work, and an absent library, before anything is read.

    Raises:
        UsageError: So it is.
    """
    from importlib.util import find_spec  # noqa: PLC0415 - rarely needed

    if find_spec("obstore") is None:
        raise UsageError(f"buckets are read with obstore, which is not installed: {INSTALL}")
    if _profile(options) and find_spec("boto3") is None:
        raise UsageError(f"the AWS profile {_profile(options)} is read with boto3, which is not installed: "
                         "pip install boto3")  # fmt: skip
    url = options.endpoint_url
    if url is not None and not url.startswith(("http://", "https://")):
        raise UsageError("--endpoint-url needs an address that begins with http:// or https://")
    if url is not None and ("@" in url or "?" in url):
        raise UsageError("--endpoint-url is an address alone: set credentials in the environment")


def open_store(bucket: Bucket, options: Options) -> Any:
    """The store of a bucket."""
    from obstore import store  # noqa: PLC0415 - only where a bucket is read

    general: dict[str, Any] = {
        "client_options": {
            "timeout": timedelta(seconds=_REQUEST_SECONDS),
            "connect_timeout": timedelta(seconds=_CONNECT_SECONDS),
        },
        "retry_config": {
            "max_retries": _RETRIES,
            "retry_timeout": timedelta(seconds=_RETRY_SECONDS),
            "backoff": {"init_backoff": _FIRST_PAUSE, "max_backoff": _LONGEST_PAUSE, "base": 2},
        },
    }
    make = {"s3": _s3, "gs": _gcs, "az": _azure}[bucket.scheme]
    return make(store, bucket.name, options, general)


def _s3(store: Any, name: str, options: Options, general: dict[str, Any]) -> Any:
    endpoint = options.endpoint_url or _first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
    region = _first("AWS_REGION", "AWS_DEFAULT_REGION")
    if profile := _profile(options):
        import boto3  # noqa: PLC0415 - only for a profile
        from obstore.auth.boto3 import Boto3CredentialProvider  # noqa: PLC0415

        try:
            session = boto3.Session(profile_name=profile)
            provider = Boto3CredentialProvider(session)
        except Exception as error:
            raise UsageError(f"the AWS profile {profile} cannot be used: {type(error).__name__}") from None
        general["credential_provider"] = provider
        region = region or session.region_name
    return store.S3Store(name, **_with_endpoint(general, endpoint), region=region or "us-east-1")


def _gcs(store: Any, name: str, options: Options, general: dict[str, Any]) -> Any:
    endpoint = options.endpoint_url or _first("STORAGE_EMULATOR_HOST")
    if endpoint and not endpoint.startswith("http"):
        endpoint = f"http://{endpoint}"
    general = _with_endpoint(general, endpoint, key="base_url")
    if endpoint and not _first("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT"):
        # As object_store, below the library, has it for a server that wants no credentials.
        own = {"client_email": "", "private_key": "", "private_key_id": "", "disable_oauth": True}
        general["service_account_key"] = json.dumps(own | {"gcs_base_url": endpoint.rstrip("/")})
    return store.GCSStore(name, **general)


def _azure(store: Any, name: str, options: Options, general: dict[str, Any]) -> Any:
    return store.AzureStore(name, **_with_endpoint(general, options.endpoint_url))


def _with_endpoint(general: dict[str, Any], url: str | None, key: str = "endpoint") -> dict[str, Any]:
    if url is None:
        return general
    if url.startswith("http://"):
        general["client_options"]["allow_http"] = True
    return general | {key: url.rstrip("/")}


def _profile(options: Options) -> str | None:
    """The profile asked for; keys in the environment come before a profile there."""
    own = None if os.environ.get("AWS_ACCESS_KEY_ID") else os.environ.get("AWS_PROFILE")
    return options.aws_profile or own or None


def _first(*names: str) -> str | None:
    return next((value for name in names if (value := os.environ.get(name))), None)

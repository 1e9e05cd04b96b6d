"""The options for how buckets are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def _set(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is None or ctx.resilient_parsing:
        return
    from validator.input.requests import connect_with  # noqa: PLC0415 - few read buckets

    connect_with(**{param.name or "": value})


def bucket_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options; what they say holds for the whole run."""
    for option in (
        click.option(
            "--aws-profile",
            metavar="NAME",
            expose_value=False,
            callback=_set,
            help="Read s3:// with the credentials of this profile of the AWS configuration; needs boto3.",
        ),
        click.option(
            "--endpoint-url",
            metavar="URL",
            expose_value=False,
            callback=_set,
            help="Address of the object store, such as MinIO's, instead of the provider's.",
        ),
    ):
        command = option(command)
    return command

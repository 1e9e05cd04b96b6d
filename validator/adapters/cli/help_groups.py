"""Help of commands with many options, under headings."""

from __future__ import annotations

import click

HEADINGS = {
    "What to check by": ("use-case", "goal", "plan", "unplanned", "sources", "catalog"),
    "Which calls": ("exclude", "event", "type", "since", "until", "limit", "sample"),
    "Rules": ("select", "ignore", "severity", "event-case", "property-case"),
    "Reports": ("format", "output", "by", "show-values"),
    "What fails": ("fail-on", "min-coverage", "baseline", "write-baseline", "baseline-tolerance", "allow-empty"),
    "Output of lines and violations": (
        "valid", "invalid", "rejects", "rejects-format", "violations", "violations-format",
    ),
    "Saved counts": ("profile", "write-profile"),
    "Limits": ("max-places", "max-names", "max-line", "max-depth", "max-errors"),
    "Buckets and tables": ("endpoint-url", "aws-profile", "column"),
    "How it runs": ("jobs", "watch", "quiet", "config", "no-config", "color", "help"),
}  # fmt: skip
"""Heading -> the long names of its options, in the order of the help."""


class GroupedCommand(click.Command):
    """A command whose help has its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the options."""
        records = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                records[max(parameter.opts, key=len).lstrip("-")] = record
        for heading, names in HEADINGS.items():
            if found := [records.pop(name) for name in names if name in records]:
                with formatter.section(heading):
                    formatter.write_dl(found)
        if records:
            with formatter.section("Other options"):
                formatter.write_dl(list(records.values()))

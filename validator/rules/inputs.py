"""IN5xx: files, streams and lines that cannot be read as calls."""

from __future__ import annotations

from validator.model import Severity
from validator.rules.model import Rule, Sentence

RULES = (
    Rule(
        code="IN501",
        name="malformed-line",
        severity=Severity.ERROR,
        summary="The line (or an element of an array) is not JSON.",
        says=Sentence("{count} line is not JSON.", "{count} lines are not JSON."),
        why=(
            "The call on it is lost, here and wherever else the file is read. Usually the writer is broken, so "
            "expect more of them."
        ),
        fix=(
            "Write calls with a JSON library, never by joining text: JSON has double quotes and no trailing commas, "
            "comments or NaN. A truncated line was written by a process that was killed, or by two processes at once."
        ),
        bad="""\
{'type': 'track', 'event': 'Subscription Started', 'properties': {}}
""",
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
    ),
    Rule(
        code="IN502",
        name="not-utf-8",
        severity=Severity.ERROR,
        summary=(
            "The line is not UTF-8. In a UTF-16 file this is the first line; the others are often malformed (IN501)."
        ),
        says=Sentence(
            "{count} line is not UTF-8 (a UTF-16 file? convert it: iconv -f UTF-16 -t UTF-8).",
            "{count} lines are not UTF-8 (a UTF-16 file? convert it: iconv -f UTF-16 -t UTF-8).",
        ),
        why="JSON is exchanged in UTF-8. Other readers reject such a line, or silently garble its text.",
        fix=(
            "Convert the file: `iconv -f UTF-16 -t UTF-8 events.json > fixed.json` (Windows PowerShell's `>` writes "
            "UTF-16), or `-f LATIN1` for an old export. If only some lines are wrong, fix the program that writes them."
        ),
        bad=b'{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"plan": "Caf\xe9"}}\n',
        good=b'{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"plan": "Caf\xc3\xa9"}}\n',
    ),
    Rule(
        code="IN503",
        name="not-an-object",
        severity=Severity.ERROR,
        summary="The line, or a member of a batch, is valid JSON but not an object, so it is not a call.",
        says=Sentence(
            "{count} line is valid JSON but not an object.",
            "{count} lines are valid JSON but not objects.",
            special={"of a member": "The member of the batch is not an object."},
        ),
        why="A call is a JSON object. Anything else carries no event; usually it is a call that was wrapped wrongly.",
        fix=(
            "Write one object per line. A call in quotes was encoded twice: encode it once. An array of calls "
            "belongs in its own file, or in the `batch` of an object."
        ),
        bad="""\
"{\\"type\\": \\"track\\", \\"event\\": \\"Subscription Started\\"}"
{"batch": [{"type": "track", "userId": "u-1", "event": "Subscription Started"}, "Trial Started"]}
""",
        good="""\
{"type": "track", "userId": "u-1", "event": "Subscription Started"}
{"batch": [{"type": "track", "userId": "u-1", "event": "Subscription Started"}]}
""",
    ),
    Rule(
        code="IN504",
        name="line-too-long",
        severity=Severity.ERROR,
        summary="The line is longer than the limit, 1 MiB by default, and was not judged.",
        says=Sentence(
            "{count} line is longer than the limit and not judged (--max-line).",
            "{count} lines are longer than the limit and not judged (--max-line).",
        ),
        why=(
            "Segment accepts 32 KB per call, so such a line would not arrive. Often it is many calls whose line "
            "ends were lost, and none of them is counted."
        ),
        fix=(
            "Write one call per line, and send a reference instead of a document or a picture. If such lines are "
            "intended, raise the limit with `--max-line`. (In the example, `<x*1048576>` stands for that many x.)"
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"contract": "<x*1048576>"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"contract": "C-1001"}}\n',
    ),
    Rule(
        code="IN505",
        name="nested-too-deep",
        severity=Severity.ERROR,
        summary="Arrays and objects are nested deeper than the limit, 128 by default; the line was not judged.",
        says=Sentence(
            "{count} line is nested deeper than the limit and not judged (--max-depth).",
            "{count} lines are nested deeper than the limit and not judged (--max-depth).",
        ),
        why=(
            "No event needs such depth: it comes from a recursive structure, or is meant to crash parsers. "
            "Destinations flatten or drop nested values long before."
        ),
        fix=(
            "Send the few values that matter, not a whole tree of application state. If the depth is intended, "
            "raise the limit with `--max-depth`. (In the example, `<[*127>` stands for 127 brackets.)"
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"history": <[*127>"monthly"<]*127>}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {"history": ["monthly"]}}\n',
    ),
    Rule(
        code="IN506",
        name="input-damaged",
        severity=Severity.ERROR,
        summary="The input ends too early: a truncated or corrupt compressed file, or an array that is not closed.",
        says=Sentence(
            "{count} input is damaged: it was read up to the damage, the rest is missing.",
            "{count} inputs are damaged: they were read up to the damage, the rest is missing.",
        ),
        why=(
            "The content before the damage is counted, the rest is unknown. Counts are too low, and an event that"
            " seems missing may be in the lost part; so the report is marked partial."
        ),
        fix=(
            "Fetch or export the file again; `gzip -t FILE` checks whether a gzip file is complete. If it is "
            "still being written, wait until it is closed."
        ),
        bad="""\
[
  {"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"category": "team"}},
  {"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}},
""",
        good="""\
[
  {"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"category": "team"}},
  {"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}
]
""",
    ),
    Rule(
        code="IN507",
        name="input-unreadable",
        severity=Severity.ERROR,
        summary="The input exists but could not be opened, or reading it failed.",
        says=Sentence("{count} input could not be read.", "{count} inputs could not be read."),
        why=(
            "The report has nothing of it, or only its beginning, and is marked partial. What seems missing may "
            "be there."
        ),
        fix=(
            "Give the user that runs uclint permission to read the file, or leave it out. An input/output error "
            "points to the disk or the network: copy the file first, then check the copy."
        ),
        bad="---------- 1 app app 71 events.ndjson\n",
        good="-rw-r--r-- 1 app app 71 events.ndjson\n",
    ),
    Rule(
        code="IN508",
        name="lethal-line",
        severity=Severity.ERROR,
        summary="A line crashed every worker that read it; it was skipped, and the rest was read.",
        says=Sentence(
            "{count} line crashed every worker that read it, and was skipped.",
            "{count} lines crashed every worker that read them, and were skipped.",
        ),
        why=(
            "The line is counted as malformed and not judged, so the report is marked partial. Its cause, lack of"
            " memory or a bug in a library, may affect the next reader of the data too."
        ),
        fix=(
            "Look at the line at the given place, and report it to uclint, with its content if you can share it. "
            "If the machine was short of memory, run again with fewer workers (`-j 1`)."
        ),
        bad='{"type": "track", "userId": "u-1", "event": "Trial Started", "properties": {"what": "kills a worker"}}\n',
        good='{"type": "track", "userId": "u-1", "event": "Subscription Started", "properties": {}}\n',
    ),
    Rule(
        code="IN509",
        name="input-changed",
        severity=Severity.ERROR,
        summary="The file grew, shrank, was written to, or was moved or replaced while it was read.",
        says=Sentence(
            "{count} input was written to while being read.", "{count} inputs were written to while being read."
        ),
        why=(
            "What was counted is neither the old file nor the new one: lines may be missing or cut in two. The report "
            "is marked partial."
        ),
        fix="Wait until the file is closed, or check a copy. For a log that is being written, check the rotated files.",
        bad="-rw-r--r-- 1 app app 71 events.ndjson\n-rw-r--r-- 1 app app 93 events.ndjson\n",
        good="-rw-r--r-- 1 app app 71 events.ndjson\n-rw-r--r-- 1 app app 71 events.ndjson\n",
    ),
)

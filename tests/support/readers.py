"""Reads every format with somebody else's parser, and gives the findings as (code, message) of what it parsed.

Where there is a baseline, the message begins with how the finding compares with it: `grown: ... The baseline has 1 of
9.`
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def with_status(message: str, status: str | None, count: int | None = None, of: int | None = None) -> str:
    """A message, and how it compares with a baseline."""
    grown = f" The baseline has {count:,} of {of:,}." if status == "grown" else ""
    return f"{status}: {message}{grown}" if status else message


def said_in_json(entry: dict[str, Any]) -> str:
    baseline = entry.get("baseline", {})
    return with_status(entry["message"], baseline.get("status"), baseline.get("count"), baseline.get("of"))


def of_json(text: str) -> Iterator[tuple[str, str]]:
    assert text.isascii()
    for entry in json.loads(text)["findings"]:
        yield entry["code"], said_in_json(entry)


def of_jsonl(text: str) -> Iterator[tuple[str, str]]:
    assert text.isascii()
    *found, last = map(json.loads, text.splitlines())
    assert "code" not in last
    for entry in found:
        yield entry["code"], said_in_json(entry)


def of_sarif(text: str) -> Iterator[tuple[str, str]]:
    assert text.isascii()
    (run,) = json.loads(text)["runs"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        # What its plain text escapes, undone.
        message = re.sub(r"\{\{(\d+)\}\}", r"{\1}", result["message"]["text"]).replace("] (", "](")
        state = {"new": "new", "updated": "grown", "unchanged": "known", None: None}[result.get("baselineState")]
        about = result["properties"]
        yield result["ruleId"], with_status(message, state, about.get("baselineCount"), about.get("baselineOf"))
    states = ["baselineState" in result for result in run["results"]]
    assert all(states) or not any(states)


def of_gitlab(text: str) -> Iterator[tuple[str, str]]:
    assert text.isascii()
    for entry in json.loads(text):
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["lines"]["begin"] >= 1
        yield entry["check_name"], entry["description"]


def of_junit(text: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for case in ElementTree.fromstring(text).iter("testcase"):  # noqa: S314 - we wrote it
        for element in (case.find("failure"), case.find("system-out")):
            for line in (element.text or "").splitlines() if element is not None else ():
                if not line.startswith("  "):
                    match = re.fullmatch(r"(?:error|warning) ([A-Z]{2}\d{3}) (.*)", line)
                    assert match, line
                    seen.add((match[1], match[2]))
    yield from seen  # a finding stands in each suite that it concerns


def commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """What GitHub's runner takes for a command in what a step prints."""
    for line in text.splitlines():
        if match := re.match(r"::([^: ]+)(?: (.*?))?::(.*)", line.lstrip()):
            given = (pair.split("=", 1) for pair in (match[2] or "").split(",") if pair)
            undone = {k: v.replace("%3A", ":").replace("%2C", ",").replace("%25", "%") for k, v in given}
            yield match[1], undone, match[3].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        elif "##[" in line or "##vso[" in line or "##teamcity[" in line:
            yield "old", {}, line


def of_github(text: str) -> Iterator[tuple[str, str]]:
    found = list(commands(text))
    assert len(found) == len(text.splitlines())
    *annotations, (kind, _, _) = found
    assert kind == "notice"
    for kind, parameters, message in annotations:
        assert kind in ("error", "warning")
        assert set(parameters) <= {"file", "line", "title"}
        yield parameters["title"].split()[0], message


class Page(HTMLParser):
    """The elements of a page: all are known and closed; the text of each row and finding."""

    VOID = frozenset(["meta", "link", "input", "br", "img", "rect", "hr"])

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.comments: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        self.texts.append((tuple(self.open), f"<{tag}>"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.texts.append((tuple(self.open), f"</{tag}>"))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def inside(self, tag: str) -> Iterator[str]:
        """The text of each element of that name."""
        depth, text = 0, ""
        for _, data in self.texts:
            if data == f"<{tag}>":
                depth, text = depth + 1, ""
            elif data == f"</{tag}>":
                depth -= 1
                yield text
            elif depth and not re.fullmatch(r"</?[a-z0-9]+>", data):
                text += data


def of_html(text: str) -> Iterator[tuple[str, str]]:
    page = Page(text)
    found = sentences(page)
    for tag, attributes in page.tags:
        if tag == "li" and attributes.get("class") == "finding":
            status, sentence = attributes.get("data-status"), next(found)
            yield str(attributes["data-code"]), sentence.replace(f"{status} ", f"{status}: ", 1) if status else sentence


def sentences(page: Page) -> Iterator[str]:
    """The first paragraph of each finding."""
    texts = page.texts
    starts = [i for i, (_, data) in enumerate(texts) if data == "<li>"]
    items = [a for t, a in page.tags if t == "li"]
    for start, attributes in zip(starts, items, strict=True):
        if attributes.get("class") == "finding":
            end = next(i for i in range(start, len(texts)) if texts[i][1] == "</p>")
            yield "".join(data for _, data in texts[start:end] if not re.fullmatch(r"</?(li|p|code|span)>", data))


def markdown_page(text: str) -> Page:
    return Page(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


def of_markdown(text: str) -> Iterator[tuple[str, str]]:
    """What stands in tables of rules; above one of known findings it says once that they are known."""
    summary, heads, cells = "", list[str](), list[str]()
    for path, data in markdown_page(text).texts:
        inside = [tag for tag in ("summary", "th", "td") if tag in path]
        if data == "<summary>":
            summary = ""
        elif data == "<thead>":
            heads = []
        elif data == "<tr>":
            cells = []
        elif data in ("<td>", "<th>"):
            (cells if data == "<td>" else heads).append("")
        elif data == "</tr>" and heads[:1] == ["rule"] and cells:
            yield cells[0], ("known: " if "known finding" in summary else "") + cells[1]
        elif inside and not re.fullmatch(r"</?[a-z0-9]+>", data):
            if inside[0] == "summary":
                summary += data
            else:
                (heads if inside[0] == "th" else cells)[-1] += data


READERS: dict[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "json": of_json,
    "jsonl": of_jsonl,
    "sarif": of_sarif,
    "junit": of_junit,
    "github": of_github,
    "gitlab": of_gitlab,
    "markdown": of_markdown,
    "html": of_html,
}

"""The languages of snippets: syntax of values, and the calls of current SDKs.

A call is made from a template with `{event}`, `{name}`, `{category}`, `{properties}` and `{variable}` (a name in code).
Values that an SDK has no parameter for stay in the properties, where they count too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


class Language(msgspec.Struct, frozen=True):
    """A programming language and its SDK.

    Attributes:
        sdk: The SDK, and how to install it.
        calls: Call type -> template. Other types are sent as track calls.
        entry: One property: `{key}` and `{value}`; a comment is appended.
        indent: Spaces before an entry.
        comment: The start of a comment.
        last: Whether the last entry has no comma.
        mapping: An object inside a value: its start, an entry, the separator, its end.
        array: The same for an array; its entry has only `{value}`.
        words: The literals for true, false and null.
        escapes: Characters that need a backslash in text, besides those of JSON.
    """

    sdk: str
    calls: Mapping[str, str]
    entry: str
    mapping: tuple[str, str, str, str]
    array: tuple[str, str, str, str] = ("[", "{value}", ", ", "]")
    indent: int = 2
    comment: str = "//"
    last: bool = False
    words: tuple[str, str, str] = ("true", "false", "null")
    escapes: str = ""

    def text(self, content: str) -> str:
        """A string literal."""
        written = json.dumps(content, ensure_ascii=False)
        for character in self.escapes:
            written = written.replace(character, f"\\{character}")
        return written

    def value(self, content: Any) -> str:
        """The literal of any value."""
        if isinstance(content, str):
            return self.text(content)
        if content is None or isinstance(content, bool):
            return self.words[2 if content is None else 0 if content else 1]
        if isinstance(content, dict):
            opening, entry, between, closing = self.mapping
            parts = (entry.format(key=self.text(k), value=self.value(v)) for k, v in content.items())
            return opening + between.join(parts) + closing
        if isinstance(content, list):
            opening, entry, between, closing = self.array
            return opening + between.join(entry.format(value=self.value(v)) for v in content) + closing
        return json.dumps(content)


_BRACES = ("{", "{key}: {value}", ", ", "}")


def _http(endpoint: str, fields: str) -> str:
    return (
        f'curl https://api.segment.io/v1/{endpoint} -u "$WRITE_KEY:" '
        "-H 'Content-Type: application/json' -d @- <<'END'\n"
        f'{{{{\n  "userId": "USER_ID",\n  {fields},\n  "properties": {{{{\n{{properties}}  }}}}\n}}}}\nEND'
    )


LANGUAGES: Mapping[str, Language] = {
    "js": Language(
        "@segment/analytics-next, for the browser: npm install @segment/analytics-next",
        {
            "track": "analytics.track({event}, {{\n{properties}}});",
            "page": "analytics.page({category}, {name}, {{\n{properties}}});",
            "screen": "analytics.screen({category}, {name}, {{\n{properties}}});",
        },
        "{key}: {value},",
        _BRACES,
    ),
    "python": Language(
        "segment-analytics-python: pip install segment-analytics-python; import segment.analytics as analytics",
        {
            "track": (
                "analytics.track(\n    user_id=USER_ID,\n    event={event},\n    properties={{\n{properties}    }},\n)"
            ),
            "page": (
                "analytics.page(\n    user_id=USER_ID,\n    category={category},\n    name={name},\n"
                "    properties={{\n{properties}    }},\n)"
            ),
            "screen": (
                "analytics.screen(\n    user_id=USER_ID,\n    category={category},\n    name={name},\n"
                "    properties={{\n{properties}    }},\n)"
            ),
        },
        "{key}: {value},",
        _BRACES,
        indent=8,
        comment="#",
        words=("True", "False", "None"),
    ),
    "swift": Language(
        "Analytics-Swift: https://github.com/segmentio/analytics-swift",
        {
            "track": "analytics.track(name: {event}, properties: [\n{properties}{empty}] as [String: Any])",
            "screen": (
                "analytics.screen(title: {name}, category: {category}, "
                "properties: [\n{properties}{empty}] as [String: Any])"
            ),
        },
        "{key}: {value},",
        ("[", "{key}: {value}", ", ", "]"),
        indent=4,
        words=("true", "false", "NSNull()"),
    ),
    "kotlin": Language(
        'analytics-kotlin: implementation("com.segment.analytics.kotlin:android:VERSION"); '
        "import kotlinx.serialization.json.*",
        {
            "track": "analytics.track({event}, buildJsonObject {{\n{properties}}})",
            "screen": "analytics.screen({name}, buildJsonObject {{\n{properties}}}, {category})",
        },
        "put({key}, {value})",
        ("buildJsonObject {", " put({key}, {value})", ";", " }"),
        ("buildJsonArray {", " add({value})", ";", " }"),
        indent=4,
        words=("true", "false", "JsonNull"),
        escapes="$",
    ),
    "java": Language(
        "analytics-java: com.segment.analytics.java:analytics; import java.util.*; "
        "import com.segment.analytics.messages.*",
        {
            "track": (
                "Map<String, Object> {variable} = new LinkedHashMap<>();\n{properties}"
                "analytics.enqueue(TrackMessage.builder({event}).userId(userId).properties({variable}));"
            ),
            "page": (
                "Map<String, Object> {variable} = new LinkedHashMap<>();\n{properties}"
                "analytics.enqueue(PageMessage.builder({name}).userId(userId).properties({variable}));"
            ),
            "screen": (
                "Map<String, Object> {variable} = new LinkedHashMap<>();\n{properties}"
                "analytics.enqueue(ScreenMessage.builder({name}).userId(userId).properties({variable}));"
            ),
        },
        "{variable}.put({key}, {value});",
        ("Map.of(", "{key}, {value}", ", ", ")"),
        ("List.of(", "{value}", ", ", ")"),
        indent=0,
    ),
    "ruby": Language(
        "analytics-ruby: gem install analytics-ruby",
        {
            "track": "analytics.track(\n  user_id: user_id,\n  event: {event},\n  properties: {{\n{properties}  }}\n)",
            "page": "analytics.page(\n  user_id: user_id,\n  name: {name},\n  properties: {{\n{properties}  }}\n)",
            "screen": "analytics.screen(\n  user_id: user_id,\n  name: {name},\n  properties: {{\n{properties}  }}\n)",
        },
        "{key} => {value},",
        ("{ ", "{key} => {value}", ", ", " }"),
        indent=4,
        comment="#",
        words=("true", "false", "nil"),
        escapes="#",
    ),
    "go": Language(
        'analytics-go: go get github.com/segmentio/analytics-go/v3; import "github.com/segmentio/analytics-go/v3"',
        {
            "track": (
                "client.Enqueue(analytics.Track{{\n    UserId: userID,\n    Event:  {event},\n"
                "    Properties: analytics.Properties{{\n{properties}    }},\n}})"
            ),
            "page": (
                "client.Enqueue(analytics.Page{{\n    UserId: userID,\n    Name:   {name},\n"
                "    Properties: analytics.Properties{{\n{properties}    }},\n}})"
            ),
            "screen": (
                "client.Enqueue(analytics.Screen{{\n    UserId: userID,\n    Name:   {name},\n"
                "    Properties: analytics.Properties{{\n{properties}    }},\n}})"
            ),
        },
        "{key}: {value},",
        ("map[string]any{", "{key}: {value}", ", ", "}"),
        ("[]any{", "{value}", ", ", "}"),
        indent=8,
        words=("true", "false", "nil"),
    ),
    "php": Language(
        "analytics-php: composer require segmentio/analytics-php; use Segment\\Segment;",
        {
            "track": (
                'Segment::track([\n    "userId" => $userId,\n    "event" => {event},\n'
                '    "properties" => [\n{properties}    ],\n]);'
            ),
            "page": (
                'Segment::page([\n    "userId" => $userId,\n    "category" => {category},\n    "name" => {name},\n'
                '    "properties" => [\n{properties}    ],\n]);'
            ),
            "screen": (
                'Segment::screen([\n    "userId" => $userId,\n    "category" => {category},\n    "name" => {name},\n'
                '    "properties" => [\n{properties}    ],\n]);'
            ),
        },
        "{key} => {value},",
        ("[", "{key} => {value}", ", ", "]"),
        indent=8,
        escapes="$",
    ),
    "node": Language(
        "@segment/analytics-node: npm install @segment/analytics-node",
        {
            "track": "analytics.track({{\n  userId,\n  event: {event},\n  properties: {{\n{properties}  }},\n}});",
            "page": (
                "analytics.page({{\n  userId,\n  category: {category},\n  name: {name},\n"
                "  properties: {{\n{properties}  }},\n}});"
            ),
            "screen": (
                "analytics.screen({{\n  userId,\n  category: {category},\n  name: {name},\n"
                "  properties: {{\n{properties}  }},\n}});"
            ),
        },
        "{key}: {value},",
        _BRACES,
        indent=4,
    ),
    "csharp": Language(
        "Analytics-CSharp: dotnet add package Segment.Analytics.CSharp; using Segment.Serialization;",
        {
            "track": "analytics.Track({event}, new JsonObject {{\n{properties}}});",
            "screen": "analytics.Screen({name}, new JsonObject {{\n{properties}}}, {category});",
        },
        "[{key}] = {value},",
        ("new JsonObject { ", "[{key}] = {value}", ", ", " }"),
        ("new JsonArray { ", "{value}", ", ", " }"),
        indent=4,
    ),
    "http": Language(
        "the HTTP Tracking API, with any client; WRITE_KEY is the source's",
        {
            "track": _http("track", '"event": {event}'),
            "page": _http("page", '"category": {category},\n  "name": {name}'),
            "screen": _http("screen", '"category": {category},\n  "name": {name}'),
        },
        "{key}: {value},",
        _BRACES,
        indent=4,
        comment="#",
        last=True,
    ),
}

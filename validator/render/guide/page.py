"""The frame of the guided setup's HTML pages: self-contained, without scripts, printable."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from validator._version import __version__
from validator.render.page_files import page_file
from validator.render.phrases import HOME

if TYPE_CHECKING:
    from collections.abc import Iterable


def page(title: str, head: str, sections: Iterable[tuple[str, str]]) -> str:
    """A page.

    Args:
        title: Escaped text.
        head: HTML below the title.
        sections: The title of each, as escaped text, and its HTML.
    """
    style = page_file("page.css") + page_file("guide.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<link rel="icon" href="data:,">',
        f"<title>{title} · uclint</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#main">Skip to the content</a>',
        f'<div class="wide">\n<header>\n<p class="brand"><b>uclint</b></p>\n<h1>{title}</h1>\n{head}\n</header>',
        '<main id="main">',
        *(f"<section>\n<h2>{name}</h2>\n{body}\n</section>" for name, body in sections),
        "</main>",
        f'<footer>Made by <a href="{HOME}">uclint</a> {__version__}.</footer>\n</div>',
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"

"""The frame of the guided setup's HTML pages: self-contained, without scripts, printable."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from validator._version import __version__
from validator.render.page_style import STYLE
from validator.render.phrases import HOME

if TYPE_CHECKING:
    from collections.abc import Iterable

_MORE = """
.steps { counter-reset: step; }
.step { display: grid; grid-template-columns: 2.2rem minmax(0, 1fr); gap: .2rem .8rem; padding: 1rem 1.25rem; }
.step + .step { border-top: 1px solid var(--rule); }
.step .sign { width: 1.9rem; height: 1.9rem; border-radius: 50%; display: grid; place-items: center; font-weight: 650;
  border: 2px solid var(--line); color: var(--soft); }
.step.done .sign { background: var(--ok-ground); border-color: transparent; color: var(--ok); }
.step.open .sign { background: var(--warn-ground); border-color: transparent; color: var(--warn); }
.step.lapsed .sign { background: var(--bad-ground); border-color: transparent; color: var(--bad); }
.step h3 { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: center; }
.step ul { margin-top: .3rem; }
.step li { padding: .12rem 0; }
.step .do::before { content: "→ "; color: var(--warn); }
.badge.done { color: var(--ok); background: var(--ok-ground); }
.badge.open { color: var(--warn); background: var(--warn-ground); }
.badge.lapsed { color: var(--bad); background: var(--bad-ground); }
.badge.waiting { color: var(--soft); background: var(--code); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.25rem; }
@media print { .step { break-inside: avoid; } }
"""


def page(title: str, head: str, sections: Iterable[tuple[str, str]]) -> str:
    """A page.

    Args:
        title: Escaped text.
        head: HTML below the title.
        sections: The title of each, as escaped text, and its HTML.
    """
    style = STYLE + _MORE
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

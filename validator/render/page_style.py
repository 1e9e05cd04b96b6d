"""The style of the HTML page: light and dark, for a phone, a desk and paper."""

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #f6f6f3; --card: #ffffff; --ink: #1b1e23; --soft: #59606b; --line: #dfdfd9; --rule: #ecece7;
  --link: #2450c4; --ok: #18794e; --bad: #b42318; --warn: #8f5200;
  --ok-ground: #e4f4ea; --bad-ground: #fdeae7; --warn-ground: #fdf1dc;
  --present: #2b9a66; --wrong: #d97706; --missing: #c8ccd2; --calls: #5470b5; --code: #f0f0ec;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #131518; --card: #1b1e22; --ink: #e9eae8; --soft: #a4abb5; --line: #33383f; --rule: #272b31;
    --link: #9db8ff; --ok: #5fd39b; --bad: #ff938a; --warn: #ffc26b;
    --ok-ground: #15301f; --bad-ground: #3b1a17; --warn-ground: #35270f;
    --present: #3dae78; --wrong: #e69235; --missing: #4d535c; --calls: #7d9be0; --code: #262a30;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.wide { max-width: 1040px; margin: 0 auto; padding: 0 1.25rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code { font: .9em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  background: var(--code); border-radius: 4px; padding: .08em .34em; -webkit-box-decoration-break: clone;
  box-decoration-break: clone; }
h1, h2, h3, h4, p, dl, ul, dd { margin: 0; }
ul { padding: 0; list-style: none; }
[hidden] { display: none !important; }
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--card); }
.skip:focus { left: 1rem; top: 1rem; z-index: 1; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }

header { padding: 2.25rem 0 1.75rem; }
.brand { font-size: .875rem; color: var(--soft); }
.brand b { color: var(--ink); letter-spacing: -.01em; }
h1 { font-size: clamp(1.6rem, 1.1rem + 2.2vw, 2.4rem); line-height: 1.15; letter-spacing: -.022em;
  margin: .35rem 0 .9rem; text-wrap: balance; }
.verdict { display: flex; flex-wrap: wrap; align-items: baseline; gap: .4rem .75rem; font-size: 1.0625rem; }
.badge { display: inline-block; font-weight: 650; font-size: .8125rem; line-height: 1.5; padding: .1em .65em;
  border-radius: 999px; white-space: nowrap; }
.verdict .badge { font-size: .9375rem; }
.badge.pass { color: var(--ok); background: var(--ok-ground); }
.badge.fail, .badge.error { color: var(--bad); background: var(--bad-ground); }
.badge.new, .badge.grown { color: var(--bad); border: 1px solid; background: none; }
.badge.known { color: var(--soft); background: var(--code); }
.badge.warning { color: var(--warn); background: var(--warn-ground); }
nav { margin-top: 1.1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
nav a { display: inline-block; padding: .35rem 0; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1px; background: var(--line);
  border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.tiles > div { background: var(--card); padding: 1rem 1.15rem 1.05rem; display: flex; flex-direction: column; }
.tiles dt { font-size: .875rem; color: var(--soft); }
.tiles .number { font-size: 1.75rem; font-weight: 640; line-height: 1.25; letter-spacing: -.02em; }
.tiles .bad { color: var(--bad); }
.tiles .warn { color: var(--warn); }
.tiles .note { font-size: .875rem; color: var(--soft); }

main > section { margin-top: 2.75rem; }
h2 { font-size: 1.3125rem; letter-spacing: -.012em; line-height: 1.25; margin-bottom: .35rem; }
h3 { font-size: 1.0625rem; line-height: 1.35; }
h4 { font-size: 1rem; }
.lead { color: var(--soft); max-width: 44rem; margin-bottom: 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; margin-top: .75rem; }
.pad { padding: 1.1rem 1.25rem 1.25rem; }
table { border-collapse: collapse; width: 100%; }
th { font-weight: 500; font-size: .8125rem; color: var(--soft); text-align: left; vertical-align: bottom; }
th, td { padding: .55rem .5rem; }
tbody tr { border-top: 1px solid var(--rule); }
tbody th { font-size: 1rem; font-weight: 400; color: inherit; vertical-align: middle; }
.n { text-align: right; white-space: nowrap; width: 6rem; overflow-wrap: normal; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
.zero { color: var(--soft); }
.bar { display: block; width: 100%; height: 8px; border-radius: 4px; overflow: hidden; }
.p { fill: var(--present); }
.w { fill: var(--wrong); }
.m { fill: var(--missing); }
.c { fill: var(--calls); }
th .bar { margin-top: .4rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; font-size: .875rem; color: var(--soft); }
.legend svg { width: .7rem; height: .7rem; margin-right: .4rem; border-radius: 2px; }

summary { cursor: pointer; }
.list { border: 1px solid var(--line); border-radius: 12px; background: var(--card); margin-top: .75rem; }
.list > .card { border: 0; border-radius: 0; margin: 0; background: none; }
.list > .card + .card { border-top: 1px solid var(--line); }
details.card > summary { display: flex; align-items: center; gap: .85rem; padding: .95rem 1.25rem; list-style: none; }
details.card > summary::-webkit-details-marker { display: none; }
details.card > summary::before { content: ""; flex: none; width: .45rem; height: .45rem; border: solid var(--soft);
  border-width: 0 2px 2px 0; transform: rotate(-45deg); margin-right: .1rem; }
details.card[open] > summary::before { transform: rotate(45deg) translate(-2px, -2px); }
details.card > summary h3 { flex: 1; }
details.card > summary .bar { width: 8rem; flex: none; }
details.card > summary .share { font-weight: 640; min-width: 3.2rem; text-align: right; }
.inside { padding: 0 1.25rem 1.25rem; }
.event { margin-top: 1.35rem; }
.event > div { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .75rem; padding-bottom: .4rem; }
.reach { margin-top: .6rem; }
.reach > div { display: grid; grid-template-columns: 6rem minmax(0, 1fr); align-items: baseline; padding: .2rem 0; }
.reach dt { font-size: .875rem; color: var(--soft); }
.reach dd { display: flex; flex-wrap: wrap; gap: .35rem; }
.reach .badge { white-space: normal; }
.fixed li { padding: .3rem 0; }
.unseen { color: var(--bad); font-weight: 600; }

#filter { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: .75rem; align-items: end;
  padding: 1rem 1.25rem; }
#filter.four { grid-template-columns: repeat(3, minmax(0, 1fr)); }
#filter.four > :first-child { grid-column: 1 / -1; }
#filter label { display: block; font-size: .8125rem; color: var(--soft); margin-bottom: .2rem; }
#filter input, #filter select { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft);
  border-radius: 8px; padding: .45rem .65rem; width: 100%; min-height: 2.75rem; }
#filter output { grid-column: 1 / -1; font-size: .875rem; color: var(--soft); }
.rule > .pad > div:first-child { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem .7rem; }
.rule .advice { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: .75rem 2rem;
  margin: .8rem 0 .4rem; font-size: .9375rem; }
.rule .advice b { display: block; font-weight: 600; }
.finding { border-top: 1px solid var(--rule); padding: .8rem 0; }
.finding:last-child { padding-bottom: 0; }
.finding summary { display: inline-block; font-size: .875rem; color: var(--soft); padding: .2rem 0; }
.finding summary::before { content: "▸ "; }
.finding details[open] summary::before { content: "▾ "; }
.finding table { font-size: .875rem; margin-top: .25rem; }
.finding td { padding: .35rem .5rem; }
.by > h3 { margin-bottom: .6rem; }
.by tbody th .bar { max-width: 34rem; }
.by td > ul { font-size: .875rem; margin-top: -.5rem; padding-left: .75rem; border-left: 2px solid var(--rule); }
.by tbody tr + tr { border-top: 0; }
.by .n { width: 7rem; }
.by span.error { color: var(--bad); }
.by span.warning { color: var(--warn); }
.by details { margin-top: .6rem; }
.by summary { font-size: .875rem; color: var(--soft); padding: .2rem 0; }
.trend { margin: 0 0 1rem; }
.trend .bars { display: block; width: 100%; height: 9rem; margin-top: .6rem; border-bottom: 1px solid var(--soft); }
.trend .hit { fill: none; pointer-events: all; }
.trend g:hover .hit { fill: var(--rule); }
.trend .ticks { display: block; margin-top: .2rem; width: 100%; height: 1.5rem; font-size: .75rem; fill: var(--soft);
  overflow: visible; }
.none { padding: 1.5rem 1.25rem; }
.scroll { overflow-x: auto; }
footer { margin: 3rem 0; padding-top: 1.25rem; border-top: 1px solid var(--line);
  color: var(--soft); font-size: .875rem; }

@media (max-width: 40rem) {
  .wide { padding: 0 1rem; }
  header { padding: 1.5rem 0 1.25rem; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .tiles > div { padding: .8rem .9rem; }
  .tiles .number { font-size: 1.5rem; }
  .pad, .inside, details.card > summary, #filter { padding-left: 1rem; padding-right: 1rem; }
  details.card > summary .bar { display: none; }
  #filter, #filter.four { grid-template-columns: 1fr 1fr; }
  #filter > :first-child, #filter.four > :nth-child(4) { grid-column: 1 / -1; }
  .reach > div { grid-template-columns: minmax(0, 1fr); gap: .25rem; }
  .wide-only { display: none; }
  .n, .by .n { width: 3.7rem; }
  th.n { white-space: normal; }
  th, td { padding-left: .3rem; padding-right: .3rem; }
}
@media print {
  :root { --ground: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --rule: #ddd; --link: #000;
    --ok: #18794e; --bad: #b42318; --warn: #8f5200; --ok-ground: #fff; --bad-ground: #fff; --warn-ground: #fff;
    --code: #fff; --present: #2b9a66; --wrong: #d97706; --missing: #c8ccd2; --calls: #5470b5; color-scheme: light; }
  body { font-size: 10.5pt; }
  .wide { max-width: none; padding: 0; }
  nav, #filter, .skip { display: none !important; }
  .bar, .bars, .legend svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .badge { border: 1px solid; }
  .event, .finding, .tiles, .trend, .by tbody, tr { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .by details:not([open])::details-content { display: none; }
}
"""

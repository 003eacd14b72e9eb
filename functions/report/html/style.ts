/** The style sheet of a report: light and dark, narrow and wide, on paper. The page's policy allows this sheet alone, by its hash. */
export const style = `
:root { color-scheme: light dark; --back: #ffffff; --panel: #f5f7fa; --text: #16202c; --soft: #4d5a69; --line: #d6dde6; --link: #0b5cad; --on: #ffffff;
  --fixed: #1b7a55; --waiting: #9a6700; --observed: #5b6b80; --exempt: #7250b8; --failed: #c0322b; --unfixable: #a03d78; --disputed: #b8470f; --rolled-back: #1f66b0; --compliant: #766c5c;
  --critical: #8e1b2f; --high: #c0322b; --medium: #a65f00; --low: #3f6f9f; --unknown: #6b7785; --range: #9cc4ea; --median: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --back: #10161d; --panel: #19222c; --text: #e8edf3; --soft: #a9b6c4; --line: #33404e; --link: #78b7f5; --on: #0d1217;
  --fixed: #4cc38a; --waiting: #e3b341; --observed: #9aabbe; --exempt: #b79cf5; --failed: #f47067; --unfixable: #e28abb; --disputed: #f5924e; --rolled-back: #6cb6ff; --compliant: #77879a;
  --critical: #ff8095; --high: #f47067; --medium: #e3a341; --low: #7fb2e5; --unknown: #97a4b3; --range: #2c5680; --median: #78b7f5; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.skip { position: absolute; left: -999px; top: 0; background: var(--back); padding: .5rem 1rem; }
.skip:focus { left: 0; }
header, main, footer { max-width: 1040px; margin: 0 auto; padding: 0 40px; }
header { padding-top: 44px; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.015em; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 3.2rem 0 .4rem; padding-top: 1.1rem; border-top: 1px solid var(--line); letter-spacing: -.01em; }
h3 { font-size: 1.05rem; margin: 2rem 0 .3rem; }
p { margin: .5rem 0 .9rem; max-width: 72ch; }
.scope, .rest, .rows, figcaption { color: var(--soft); }
.scope { margin: 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; padding: 0; margin: 1.3rem 0 0; font-size: .93rem; }
.lead { font-size: 1.12rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px; list-style: none; padding: 0; margin: 1.5rem 0; }
.tiles li { background: var(--panel); border-radius: 10px; padding: 14px 18px 12px; border-left: 5px solid var(--line); }
.tiles strong { display: block; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tiles .what { font-weight: 600; } .tiles .note { display: block; color: var(--soft); font-size: .88rem; line-height: 1.4; }
.tiles .fixed { border-color: var(--fixed); } .tiles .waiting { border-color: var(--waiting); } .tiles .failed { border-color: var(--failed); } .tiles .time { border-color: var(--median); } .tiles .found { border-color: var(--soft); }
.note-box { background: var(--panel); border-left: 5px solid var(--line); border-radius: 10px; padding: 12px 18px; margin: 1.2rem 0; }
.note-box p { margin: .2rem 0; } .note-box.good { border-color: var(--fixed); } .note-box.bad { border-color: var(--failed); }
figure { margin: 1.3rem 0 1rem; } figcaption { font-size: .92rem; margin-top: .6rem; max-width: 80ch; }
svg { width: 100%; height: auto; display: block; overflow: visible; } svg.narrow { display: none; max-width: 480px; }
svg text { font-size: 13px; fill: var(--text); font-family: inherit; font-variant-numeric: tabular-nums; } svg text.tick { fill: var(--soft); font-size: 12.5px; } svg text.name { font-weight: 600; } svg text.tick, svg text.name { paint-order: stroke; stroke: var(--back); stroke-width: 4px; stroke-linejoin: round; } svg text.on { fill: var(--on); font-weight: 600; font-size: 12px; pointer-events: none; }
svg .grid { stroke: var(--line); stroke-width: 1; } svg .range { fill: var(--range); } svg .median { fill: var(--median); } svg .p90 { stroke: var(--median); stroke-width: 2.5; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding: 0; margin: .9rem 0 0; font-size: .92rem; } .legend li { display: flex; align-items: center; gap: .45rem; }
.key { display: inline-block; width: 14px; height: 14px; border-radius: 3px; flex: none; }
${[
  'fixed',
  'waiting',
  'observed',
  'exempt',
  'failed',
  'unfixable',
  'disputed',
  'rolled-back',
  'compliant',
  'critical',
  'high',
  'medium',
  'low',
  'unknown',
]
  .map((name) => `svg rect.${name} { fill: var(--${name}); } .key.${name} { background: var(--${name}); }`)
  .join('\n')}
svg rect.approved { fill: var(--fixed); } .key.approved { background: var(--fixed); } svg rect.rejected { fill: var(--failed); } .key.rejected { background: var(--failed); }
details { margin: .7rem 0; } summary { cursor: pointer; font-weight: 600; color: var(--link); padding: .25rem 0; } summary .rows { font-weight: 400; }
.scroll { overflow-x: auto; margin: .6rem 0 1rem; border: 1px solid var(--line); border-radius: 8px; max-height: 30rem; overflow-y: auto;
  background: linear-gradient(to right, var(--back) 40%, transparent) left / 48px 100% no-repeat local, linear-gradient(to left, var(--back) 40%, transparent) right / 48px 100% no-repeat local, linear-gradient(to right, var(--soft), transparent) left / 9px 100% no-repeat scroll, linear-gradient(to left, var(--soft), transparent) right / 9px 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-size: .89rem; } caption { text-align: left; color: var(--soft); padding: .6rem .8rem; } caption span { display: block; width: fit-content; max-width: calc(min(100vw, 1040px) - 5rem); position: sticky; left: .8rem; }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { background: var(--panel); position: sticky; top: 0; white-space: nowrap; } tbody th { font-weight: 500; } .short { white-space: nowrap; } .long { min-width: 13.5rem; } td code { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; min-width: 0; }
code { font: .87em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--panel); border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(9rem, 13rem) 1fr; gap: .5rem 1.2rem; } dt { font-weight: 600; } dd { margin: 0; max-width: 72ch; }
footer { color: var(--soft); font-size: .89rem; padding-top: 1.6rem; padding-bottom: 3rem; }
@media (max-width: 640px) { header, main, footer { padding-left: 18px; padding-right: 18px; } header { padding-top: 26px; } h1 { font-size: 1.6rem; } svg.wide { display: none; } svg.narrow { display: block; } dl { grid-template-columns: 1fr; gap: .1rem; } dd { margin-bottom: .7rem; } .tiles { grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); } .tiles strong { font-size: 1.35rem; } td.long { min-width: 36rem; } }
@media print { :root { color-scheme: light; --back: #ffffff; --panel: #f3f5f8; --text: #000000; --soft: #39434f; --line: #c5ced8; --on: #ffffff; --link: #000000; --fixed: #1b7a55; --waiting: #9a6700; --observed: #5b6b80; --exempt: #7250b8; --failed: #c0322b; --unfixable: #a03d78; --disputed: #b8470f; --rolled-back: #1f66b0; --compliant: #766c5c; --critical: #8e1b2f; --high: #c0322b; --medium: #a65f00; --low: #3f6f9f; --unknown: #6b7785; --range: #9cc4ea; --median: #0b5cad; }
  body { font-size: 10.5pt; } nav, .skip { display: none; } header, main, footer { max-width: none; padding-left: 0; padding-right: 0; } h2 { break-after: avoid; margin-top: 1.6rem; } figure, .tiles li, .note-box, tr { break-inside: avoid; } .scroll { overflow: visible; max-height: none; background: none; } caption span { max-width: none; } table { font-size: 7.5pt; } th, td { padding: .25rem .3rem; } .long, td.long { min-width: 0; } .short, .number, thead th, td code { white-space: normal; min-width: 0; } thead th { position: static; } details::details-content { content-visibility: visible; display: block; height: auto; } svg.wide { display: block; } svg.narrow { display: none; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;

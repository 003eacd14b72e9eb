import { createHash } from 'node:crypto';
import { html, type Markup } from './markup';
import { style } from './style';

/** What pages differ in. */
export interface Shell {
  /** In the tab of the browser. */
  readonly title: string;
  readonly heading: string;
  /** What it is about, below the heading. */
  readonly scope: string;
  /** The ids and names of the sections. */
  readonly sections: readonly (readonly [string, string])[];
  readonly content: readonly Markup[];
  readonly foot: Markup;
}

/** Nothing but the one style sheet: no script, no image, no font, no request. */
const contentPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** An HTML file that needs nothing else. */
export function shell({ title, heading, scope, sections, content, foot }: Shell): string {
  const head = html`<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${{ markup: contentPolicy }}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>${title}</title><style>${{ markup: style }}</style>`;
  const links = sections.map(([id, label]) => html`<li><a href="#${id}">${label}</a></li>`);
  return html`<!doctype html>
<html lang="en"><head>${head}</head>
<body><a class="skip" href="#${sections[0]?.[0]}">Skip to the content</a>
<header><h1>${heading}</h1><p class="scope">${scope}</p><nav aria-label="Sections"><ul>${links}</ul></nav></header>
<main>${content}</main>
<footer>${foot}</footer></body></html>
`.markup;
}

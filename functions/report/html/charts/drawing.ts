import { html, type Markup } from '../markup';

/** The widths in which each chart is drawn: CSS shows the one that fits, so that the text of both is readable. */
export const widths = { wide: 960, narrow: 340 } as const;

/** A part of a bar. */
export interface Part {
  /** Its color and its name. */
  readonly className: string;
  readonly label: string;
  readonly value: number;
}

/** A chart with its legend, as an image with a text that says what it shows. */
export function figure(
  { title, summary, legend }: { readonly title: string; readonly summary: string; readonly legend: readonly Omit<Part, 'value'>[] },
  draw: (width: number) => { readonly height: number; readonly content: readonly Markup[] },
): Markup {
  const drawn = (Object.keys(widths) as (keyof typeof widths)[]).map((name) => {
    const width = widths[name];
    const { height, content } = draw(width);
    return html`<svg class="${name}" viewBox="0 0 ${width} ${Math.ceil(height)}" role="img" aria-label="${title}. ${summary}" preserveAspectRatio="xMinYMin meet">${content}</svg>`;
  });
  const keys = legend.map(({ className, label }) => html`<li><span class="key ${className}"></span>${label}</li>`);
  return html`<figure>${drawn}${legend.length > 0 ? html`<ul class="legend">${keys}</ul>` : undefined}<figcaption>${summary}</figcaption></figure>`;
}

export const line = (x1: number, y1: number, x2: number, y2: number, className: string): Markup =>
  html`<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${className}"/>`;

export const text = (x: number, y: number, content: string, className = '', anchor: 'start' | 'middle' | 'end' = 'start'): Markup =>
  html`<text x="${round(x)}" y="${round(y)}" class="${className}" text-anchor="${anchor}">${content}</text>`;

/** A bar with what it says when one points at it. */
export const bar = (
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  className: string,
  says: string,
): Markup =>
  html`<rect x="${round(box.x)}" y="${round(box.y)}" width="${round(Math.max(0, box.width))}" height="${round(Math.max(0, box.height))}" class="${className}"><title>${says}</title></rect>`;

export const round = (number: number): number => Math.round(number * 10) / 10;

/** About how wide a text is in the font size of the charts. */
export const textWidth = (content: string): number => Array.from(content).length * 7;

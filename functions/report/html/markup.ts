import { visible } from '../../untrusted-text';

/** A piece of a page, in which all text is escaped. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | undefined | Markup | readonly Markup[];

/** Escapes every text that is put into the template: what stands in the log must not become a part of the page. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: parts.map((part, index) => (index === 0 ? part : `${written(values[index - 1])}${part}`)).join('') };
}

const written = (value: Value): string => {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
};

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;', '`': '&#96;' };

const escaped = (text: string): string => visible(text).replace(/[&<>"'`]/g, (sign) => entities[sign] ?? '');

/** A name or a sentence from outside: apart from the direction of the text around it. */
export const foreign = (text: string): Markup => html`<bdi>${shortened(text, 600)}</bdi>`;

/** At most so many characters, the last one an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text.slice(0, length * 2 + 2));
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}

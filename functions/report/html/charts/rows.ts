import { scaleLinear } from 'd3-scale';
import { stack, stackOffsetExpand, stackOffsetNone } from 'd3-shape';
import { type Markup, shortened } from '../markup';
import { count } from '../texts';
import { bar, figure, type Part, text, textWidth } from './drawing';

/** A bar with the name above it. */
export interface Row {
  readonly label: string;
  /** At the right end, such as the total. */
  readonly note: string;
  readonly parts: readonly Part[];
}

const rowHeight = 46;
const barHeight = 18;
/** Of the note below the name, where both don't fit on one line. */
const noteHeight = 17;
const gap = 16;
/** Of a character of a name, which is bold. */
const nameCharacter = 8.4;

/** Horizontal stacked bars; `shares` draws all of them equally long. */
export function rows(title: string, summary: string, all: readonly Row[], scale: 'shares' | 'counts'): Markup {
  const parts = all[0]?.parts ?? [];
  const legend = parts.filter(({ className }) => all.some((row) => valueIn(row, className) > 0));
  return figure({ title, summary, legend }, (width) => {
    const longest = Math.max(1, ...all.map((row) => row.parts.reduce((sum, { value }) => sum + value, 0)));
    const x = scaleLinear([0, scale === 'shares' ? 1 : longest], [0, width]);
    const layers = stack<unknown, Row, string>()
      .keys(legend.map(({ className }) => className))
      .value(valueIn)
      .offset(scale === 'shares' ? stackOffsetExpand : stackOffsetNone)([...all]);
    // A name that is cut may be that of several rows.
    const isStacked = all.some(({ label, note }) => Array.from(label).length * nameCharacter + gap + textWidth(note) > width);
    const below = isStacked ? noteHeight : 0;
    const content = all.flatMap((row, index) => {
      const top = index * (rowHeight + below);
      const room = Math.floor((isStacked ? width : width - textWidth(row.note) - gap) / nameCharacter);
      const bars = layers.flatMap((layer) => {
        const [from = 0, to = 0] = layer[index] ?? [];
        const part = row.parts.find(({ className }) => className === layer.key);
        if (!part || part.value === 0) return [];
        const box = { x: x(from), y: top + below + 20, width: Math.max(1.5, x(to) - x(from) - 1), height: barHeight };
        const inside = count(part.value);
        const fits = box.width > textWidth(inside) + 8;
        return [
          bar(box, part.className, `${row.label}: ${inside} ${part.label}`),
          ...(fits ? [text(box.x + box.width / 2, box.y + 13, inside, `on ${part.className}`, 'middle')] : []),
        ];
      });
      const note = isStacked ? text(0, top + 14 + below, row.note, 'tick') : text(width, top + 14, row.note, 'tick', 'end');
      return [text(0, top + 14, shortened(row.label, room), 'name'), note, ...bars];
    });
    return { height: all.length * (rowHeight + below), content };
  });
}

const valueIn = ({ parts }: Row, className: string): number => parts.find((part) => part.className === className)?.value ?? 0;

import { scaleLog } from 'd3-scale';
import { days, hours, minutes, seconds } from '../../../duration';
import type { Durations } from '../../numbers/durations';
import { html, type Markup } from '../markup';
import { count, duration } from '../texts';
import { figure, line, round, text } from './drawing';

/** The durations of a group. */
export interface Range {
  readonly label: string;
  readonly durations: Durations;
}

const ticks = [
  [seconds(1), '1 s'],
  [seconds(10), '10 s'],
  [minutes(1), '1 min'],
  [minutes(10), '10 min'],
  [hours(1), '1 h'],
  [hours(6), '6 h'],
  [days(1), '1 d'],
  [days(7), '7 d'],
  [days(30), '30 d'],
  [days(180), '180 d'],
] as const;

/** From the median (dot) to the 90th percentile (bar) of each group, on a logarithmic scale. */
export function ranges(title: string, summary: string, all: readonly Range[]): Markup {
  const known = all.flatMap(({ durations: { median, p90 } }) => [median, p90].filter((one) => one !== undefined));
  const lowest = Math.max(seconds(1), Math.min(...known, seconds(10)));
  const from = ticks.findLast(([time]) => time <= lowest)?.[0] ?? seconds(1);
  const to = ticks.find(([time]) => time >= Math.max(...known, minutes(10)))?.[0] ?? days(400);
  return figure({ title, summary, legend: [] }, (width) => {
    const x = scaleLog([from, to], [8, width - 14]).clamp(true);
    const isWide = width > 500;
    const rowHeight = isWide ? 52 : 70;
    const height = all.length * rowHeight + 26;
    const shown = ticks.filter(([time]) => time >= from && time <= to);
    // Far enough apart to be read.
    const every = Math.ceil((shown.length * 58) / width);
    const grid = shown.flatMap(([time, label], index) =>
      index % every === 0
        ? [line(x(time), 0, x(time), height - 20, 'grid'), text(x(time), height - 4, label, 'tick', place(x(time), width))]
        : [],
    );
    return { height, content: [...grid, ...all.flatMap((one, index) => rowOf(one, { top: index * rowHeight, width, isWide, x }))] };
  });
}

const place = (at: number, width: number): 'start' | 'middle' | 'end' => {
  if (at < 24) return 'start';
  return at > width - 30 ? 'end' : 'middle';
};

interface Frame {
  readonly top: number;
  readonly width: number;
  /** Else the numbers stand below the name. */
  readonly isWide: boolean;
  readonly x: (time: number) => number;
}

function rowOf({ label, durations }: Range, { top, width, isWide, x }: Frame): readonly Markup[] {
  const { n, median, p90 } = durations;
  const said = n === 0 ? 'no case' : `median ${duration(median)} · p90 ${duration(p90)} · n ${count(n)}`;
  const note = isWide ? text(width, top + 16, said, 'tick', 'end') : text(0, top + 34, said, 'tick');
  const name = [text(0, top + 16, label, 'name'), note];
  if (median === undefined || p90 === undefined) return name;
  const y = top + (isWide ? 32 : 50);
  return [
    ...name,
    html`<rect x="${round(x(median))}" y="${y - 4}" width="${round(Math.max(1, x(p90) - x(median)))}" height="8" rx="4" class="range"/>`,
    html`<circle cx="${round(x(median))}" cy="${y}" r="7" class="median"><title>${label}: ${said}</title></circle>`,
    line(x(p90), y - 9, x(p90), y + 9, 'p90'),
  ];
}

import { scaleBand, scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import type { Markup } from '../markup';
import { count } from '../texts';
import { bar, figure, line, type Part, text, textWidth } from './drawing';

/** A column of a chart over time. */
export interface Column {
  /** 2026-03-02 */
  readonly label: string;
  readonly parts: readonly Part[];
}

const margin = { top: 12, right: 4, bottom: 30, left: 44 } as const;

/** Stacked columns, one for each day, week or month. */
export function columns(title: string, summary: string, all: readonly Column[]): Markup {
  const parts = all[0]?.parts ?? [];
  const legend = parts.filter(({ className }) => all.some((column) => valueIn(column, className) > 0));
  return figure({ title, summary, legend }, (width) => {
    const height = width > 500 ? 300 : 240;
    const highest = Math.max(1, ...all.map((column) => column.parts.reduce((sum, { value }) => sum + value, 0)));
    const y = scaleLinear([0, highest], [height - margin.bottom, margin.top]).nice(5);
    const x = scaleBand(
      all.map(({ label }) => label),
      [margin.left, width - margin.right],
    ).padding(0.18);
    const ticks = y.ticks(5).filter(Number.isInteger);
    const grid = ticks.flatMap((tick) => [
      line(margin.left, y(tick), width - margin.right, y(tick), 'grid'),
      text(margin.left - 8, y(tick) + 4, count(tick), 'tick', 'end'),
    ]);
    return { height, content: [...grid, ...segments(all, legend, x, y), ...dates(all, x, height, width)] };
  });
}

const valueIn = ({ parts }: Column, className: string): number => parts.find((part) => part.className === className)?.value ?? 0;

type Across = ReturnType<typeof scaleBand<string>>;
type Up = ReturnType<typeof scaleLinear<number, number>>;

function segments(all: readonly Column[], legend: readonly Part[], x: Across, y: Up): readonly Markup[] {
  const layers = stack<unknown, Column, string>()
    .keys(legend.map(({ className }) => className))
    .value(valueIn)([...all]);
  return layers.flatMap((layer) =>
    layer.flatMap(([low, high], index) => {
      const column = all[index];
      if (!column || high === low) return [];
      const label = legend.find(({ className }) => className === layer.key)?.label ?? '';
      const box = { x: x(column.label) ?? 0, y: y(high), width: x.bandwidth(), height: y(low) - y(high) };
      return [bar(box, layer.key, `${column.label}: ${count(high - low)} ${label}`)];
    }),
  );
}

/** As many dates as there is room for. */
function dates(all: readonly Column[], x: Across, height: number, width: number): readonly Markup[] {
  const room = (width - margin.left - margin.right) / (textWidth('2026-03-02') + 20);
  const every = Math.max(1, Math.ceil(all.length / room));
  const edge = (at: number) => Math.min(Math.max(at, margin.left + 34), width - 36);
  return all.flatMap(({ label }, index) =>
    index % every === 0 ? [text(edge((x(label) ?? 0) + x.bandwidth() / 2), height - 8, label, 'tick', 'middle')] : [],
  );
}

import { execFileSync } from 'node:child_process';
import path from 'node:path';

const room = path.resolve(__dirname, '../../functions/cli/report/small-heap.ts');

/** Keeps a part of what it makes, as a report does; prints the largest heap that it had, in megabytes. */
const reading = `
const kept = [];
const recent = [];
let peak = 0;
for (let read = 0; read < 300000; read += 1) {
  kept.push({ resource: 'resource-' + read, at: { read } });
  recent[read % 50000] = Array.from({ length: 6 }, (_, event) => ({ event: 'event-' + read + event, facts: [read, event, {}] }));
  if (read % 10000 === 0) peak = Math.max(peak, process.memoryUsage().heapTotal);
}
console.log(peak / 1e6);`;

const peakOf = (first: string): number =>
  Number(execFileSync(process.execPath, ['-e', `require('tsx/cjs'); ${first} ${reading}`], { encoding: 'utf8' }));

test('a long reading takes far less memory if the heap is kept small', () => {
  const usual = peakOf(`require(${JSON.stringify(room)});`);
  const small = peakOf(`require(${JSON.stringify(room)}).keepHeapSmall();`);
  expect(small).toBeLessThan(usual * 0.85);
});

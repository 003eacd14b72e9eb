import { join } from 'node:path';
import { acts } from './acts';
import { sabotaged } from './apply';

const root = join(__dirname, '../../..');

it('there are ten acts of sabotage at least, each with a check that is named', () => {
  expect(acts.length).toBeGreaterThanOrEqual(10);
  for (const { killedBy } of acts) expect(killedBy.length).toBeGreaterThan(0);
});

it.each(acts.map((act) => [act.name, act] as const))('"%s" fits the engine', (_, act) => {
  expect(sabotaged(act, root).size).toBeGreaterThan(0);
});

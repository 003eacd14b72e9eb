import { simulate } from './simulation';
import { vendors } from './vendors';

// With 2,000 outcomes: `npx tsx test/tickets/simulation.ts`.
describe('outcomes that are delivered late, twice, and by a function that is killed, to a tracker of whose requests a fifth goes wrong', () => {
  it.each(Object.keys(vendors))('have one ticket for each misconfiguration, in its state, in %s', async (vendor) => {
    const seed = Object.keys(vendors).indexOf(vendor) + 11;
    const { wrong, counts } = await simulate({ vendor, misconfigurations: 24, rate: 0.2, killRate: 0.03, seed });
    expect(wrong).toEqual([]);
    expect(counts).toMatchObject({ outcomes: 96, doubledComments: 0, tickets: 21 + counts.duplicates });
    expect(counts.mishaps / counts.requests).toBeGreaterThan(0.1);
    expect(counts.kills).toBeGreaterThan(5);
    expect(counts.deliveries).toBeGreaterThan(counts.outcomes);
  });
});

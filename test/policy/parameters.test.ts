import * as z from 'zod';
import { loadRules } from '../../functions/catalogue/catalogue';
import { readParameters } from '../../functions/policy/parameters';

const rule = {
  id: 's3-bucket-fed',
  parameters: z.strictObject({
    food: z.string().describe('What the bucket is fed with.'),
    spoons: z.int().max(9, 'is more than nine').default(1),
  }),
};

const problem = (given: Readonly<Record<string, unknown>>) => {
  const read = readParameters(rule, given);
  return 'problem' in read ? read.problem : '';
};

it('fills in what has a default', () => {
  expect(readParameters(rule, { food: 'soup' })).toEqual({ value: { food: 'soup', spoons: 1 } });
});

it('says of what is missing what it is, and where to set it', () => {
  expect(problem({})).toBe(
    's3-bucket-fed needs the parameter food, which is not set: What the bucket is fed with. The rule starts no change. Set the parameters of s3-bucket-fed in the policy, under `parameters`.',
  );
});

it('says what is invalid, and which parameter was meant', () => {
  expect(problem({ food: 'soup', spoons: 12 })).toContain('The parameter spoons of s3-bucket-fed is invalid: is more than nine.');
  expect(problem({ food: 'soup', spoon: 2 })).toContain('s3-bucket-fed has no parameter "spoon". Did you mean spoons?');
});

it.each(loadRules().flatMap(({ rule: one }) => (one.parameters ? [[one.id, one] as const] : [])))(
  'says of each parameter of %s that has to be set what it is',
  (_, one) => {
    const read = readParameters(one, {});
    if (!('problem' in read)) return;
    expect(read.problem).toMatch(/needs the parameter \w+, which is not set: [A-Z][^.]+\./);
  },
);

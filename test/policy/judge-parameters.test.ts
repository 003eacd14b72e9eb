import * as z from 'zod';
import { judgeParameters } from '../../functions/policy/judge-parameters';
import { atLeast, atMost, exactly, required } from '../../rules/detector-parameters';
import type { Json, Rule } from '../../rules/rule';

const rule: Pick<Rule, 'id' | 'parameters' | 'detectorParameters'> = {
  id: 'kitchen-clean',
  parameters: z.strictObject({
    days: z.int().min(1).max(35).default(7),
    age: z.int().min(1).max(400).optional(),
    soap: z.boolean().default(true),
    cook: z.string().optional(),
  }),
  detectorParameters: {
    'Kitchen.1': {
      minDays: atLeast('days'),
      maxAge: atMost('age', { usual: 90 }),
      withSoap: required('soap', { absent: 'false' }),
      cook: exactly('cook'),
      kitchens: { irrelevant: 'It only limits which kitchens are reported.' },
      colour: { unmappable: 'The rule paints nothing.', except: ['white,blue'] },
    },
  },
};
const judge = (parameters: Readonly<Record<string, string>> | undefined, policy: Readonly<Record<string, Json>> = {}) =>
  judgeParameters(rule, policy, { detectedBy: 'Kitchen.1', ...(parameters && { parameters }) });

describe('the parameters by which a finding is judged', () => {
  it('are those of the policy, then of the detector, then the defaults', () => {
    expect(judge({ minDays: '14', maxAge: '30' }, { age: 60 })).toMatchObject({
      parameters: { days: 14, age: 60, soap: false },
      from: { days: 'detector', age: 'policy', soap: 'detector', cook: 'default' },
      demanded: { days: 14, age: 30, soap: false },
    });
  });

  it('are the defaults where the detector says nothing of its own', () => {
    expect(judge(undefined)).toMatchObject({ parameters: { days: 7, soap: true }, demanded: {}, comparisons: [] });
  });

  it('are found whatever the case of their names', () => {
    expect(judge({ MINDAYS: ' 14 ' })).toMatchObject({ parameters: { days: 14 } });
  });

  it.each([
    ['is not known', { spoons: '3' }, 'detector-parameter-unknown', /its parameter "spoons", which kitchen-clean does not know/],
    ['is of no use to the rule', { colour: 'red' }, 'detector-parameter-unmappable', /colour = "red"\. The rule paints nothing\./],
    ['cannot be read', { minDays: 'fortnight' }, 'detector-parameter-invalid', /minDays = "fortnight"/],
    ['is none that the rule allows', { minDays: '36' }, 'detector-parameter-invalid', /days = "36", which kitchen-clean does not allow/],
  ])('are none where one %s', (_, parameters, code, reason) => {
    const judged = judge(parameters as Readonly<Record<string, string>>);
    expect(judged).toEqual({ code, unfixable: expect.stringMatching(reason) });
  });

  it.each([[{ colour: 'BLUE, white' }], [{ colour: '' }], [{ kitchens: 'all' }]])('are not touched by %j', (parameters) => {
    expect(judge(parameters as Readonly<Record<string, string>>)).toMatchObject({ parameters: { days: 7 } });
  });

  it('leave what the policy sets wrongly to the policy', () => {
    expect(judge({ minDays: '14' }, { days: 99 })).toMatchObject({ code: 'invalid-parameter' });
  });
});

describe('other parameters to compare with', () => {
  const about = (judged: ReturnType<typeof judge>) => ('comparisons' in judged ? judged.comparisons.map((one) => one.about) : undefined);

  it('are those without what cuts, as far as that is stricter', () => {
    expect(judge({ maxAge: '30', minDays: '14' })).toMatchObject({
      comparisons: [{ about: 'cuts', parameters: { age: 30, days: 14 }, against: { age: 90, days: 14 } }],
    });
    expect(judge({ maxAge: '365' })).toMatchObject({ comparisons: [{ parameters: { age: 90 }, against: { age: 90 } }] });
    expect(about(judge({ maxAge: '30' }, { age: 60 }))).toEqual(['unmet']);
  });

  it('are those that the detector demands, where the policy sets less', () => {
    expect(judge({ minDays: '14' }, { days: 7 })).toMatchObject({
      comparisons: [{ about: 'unmet', parameters: { days: 14 }, text: 'The policy sets days = "7", but Kitchen.1 requires days = "14"' }],
    });
    expect(about(judge({ minDays: '14' }, { days: 20 }))).toEqual([]);
    expect(about(judge({ cook: 'Ann' }, { cook: 'Bob' }))).toEqual(['unmet']);
  });

  it('are those without the detector, where anybody can have set its parameters', () => {
    const told = { detectedBy: 'Kitchen.1', parameters: { minDays: '14' }, parametersBy: 'anybody' } as const;
    const judged = judgeParameters(rule, {}, told);
    expect(judged).toMatchObject({ comparisons: [{ about: 'anybody', parameters: { days: 14, soap: false }, against: { days: 7 } }] });
  });
});

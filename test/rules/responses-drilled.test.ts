import { loadRules } from '../../functions/catalogue/catalogue';

it('every response can be drilled, and nothing else', () => {
  const rules = loadRules().map(({ rule }) => rule);
  const responses = rules.filter(({ response }) => response).map(({ id }) => id);
  expect(responses.length).toBeGreaterThan(5);
  expect(rules.filter(({ drill }) => drill).map(({ id }) => id)).toEqual(responses);
});

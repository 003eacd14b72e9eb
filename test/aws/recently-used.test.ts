import { recentlyUsed } from '../../functions/aws/recently-used';

function setUp(max: number) {
  const notFound: string[] = [];
  const made: string[] = [];
  const kept = recentlyUsed<string>(max, (value) => notFound.push(value));
  return {
    kept,
    notFound,
    made,
    use: (...keys: readonly string[]) => {
      for (const key of keys)
        kept.get(key, () => {
          made.push(key);
          return key;
        });
    },
  };
}

it('a value is made once while it is kept', () => {
  const { use, made, notFound } = setUp(2);
  use('a', 'b', 'a', 'b');
  expect([made, notFound]).toEqual([['a', 'b'], []]);
});

it('the one that was not used for the longest time is let go, and made again when it is needed', () => {
  const { use, made, notFound } = setUp(2);
  use('a', 'b', 'a', 'c', 'b');
  expect([made, notFound]).toEqual([
    ['a', 'b', 'c', 'b'],
    ['b', 'a'],
  ]);
});

it('what is forgotten is made again, but not where another value has taken its place', () => {
  const { use, kept, made } = setUp(2);
  use('a');
  kept.forget('a', 'other');
  use('a');
  kept.forget('a', 'a');
  use('a');
  expect(made).toEqual(['a', 'a']);
});

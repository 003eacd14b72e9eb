import { mutations } from './mutations';

const mutated = (source: string, kind: string): readonly string[] =>
  mutations(source)
    .filter((mutation) => mutation.kind === kind)
    .map(({ start, end, text }) => source.slice(0, start) + text + source.slice(end));

describe('a fault in the ARN of a grant', () => {
  it.each([
    [
      "({ actions: ['rds:ListTagsForResource'], on: 'arn:{partition}:rds:{region}:{account}:db:*' })",
      "({ actions: ['rds:ListTagsForResource'], on: 'arn:{partition}:rds:{region}:{account}:elsewhere-db:*' })",
    ],
    ["const buckets = 'arn:{partition}:s3:::*';", "const buckets = 'arn:{partition}:s3:::elsewhere-*';"],
    [
      `const role = \`arn:{partition}:iam::{account}:role/\${name}\`;`,
      `const role = \`arn:{partition}:iam::{account}:elsewhere-role/\${name}\`;`,
    ],
  ])('turns %s into %s', (source, expected) => {
    expect(mutated(source, 'arn')).toEqual([expected]);
  });

  it('leaves the ARN of the resource itself alone, which is no grant', () => {
    expect(mutated("const kind = { arn: 'arn:{partition}:rds:{region}:{account}:db:{id}' };", 'arn')).toEqual([]);
  });
});

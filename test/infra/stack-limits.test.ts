import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { checkStackLimits } from '../../infra/stack-limits';
import { temporaryFolder } from './synthesized';

const outdir = temporaryFolder('limits');

/** Synthesizes a stack `Posture` with a nested stack `zoo`, each with so many resources that have so many characters each. */
function check({ own = 1, nested = 1, characters = 10 }: { own?: number; nested?: number; characters?: number }): string {
  const app = new App({ outdir: `${outdir}/${own}-${nested}-${characters}`, analyticsReporting: false });
  const stack = new Stack(app, 'Posture', { suppressTemplateIndentation: true });
  const zoo = new NestedStack(stack, 'zoo', { suppressTemplateIndentation: true });
  fill(stack, own - 1);
  fill(zoo, nested);
  const { directory } = app.synth();
  try {
    checkStackLimits(app, directory);
    return 'within the limits';
  } catch (error) {
    return `${error}`;
  }

  function fill(scope: Stack, count: number): void {
    for (let index = 0; index < count; index += 1)
      new CfnResource(scope, `R${index}`, { type: 'AWS::SNS::Topic', properties: { DisplayName: 'x'.repeat(characters) } });
  }
}

it('a stack with 450 resources is taken', () => {
  expect(check({ own: 450, nested: 450 })).toBe('within the limits');
});

it('a stack with more is refused, with what to do', () => {
  expect(check({ own: 451 })).toBe(
    'StackLimitError: The template of the stack Posture has 451 resources. The maximum is 450, as CloudFormation refuses more than 500. ' +
      'Split the stack: move some of its resources to another stack.',
  );
});

it('so is the stack of a service', () => {
  expect(check({ nested: 460 })).toBe(
    'StackLimitError: The template of the stack Posture/zoo has 460 resources. The maximum is 450, as CloudFormation refuses more than 500. ' +
      'Move some rules of this service to another folder of `rules`: each folder gets a stack of its own.',
  );
});

it('a template of more than 900 KB is refused, with its size', () => {
  expect(check({ nested: 89, characters: 10_000 })).toBe('within the limits');
  expect(check({ nested: 90, characters: 10_000 })).toMatch(
    /^StackLimitError: The template of the stack Posture\/zoo has 90\d{4} bytes\. The maximum is 900000, as CloudFormation refuses 1 MB\. Move some rules/,
  );
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type App, NestedStack, Stack } from 'aws-cdk-lib';

/** CloudFormation allows 1 MB for a template and 500 resources in a stack. We stop before, while there is time to split a stack. */
const maxBytes = 900_000;
const maxResources = 450;

/** A template is too large; the message says how large, and what to do. */
export class StackLimitError extends Error {
  override readonly name = 'StackLimitError';
}

/** All stacks, nested ones too, by name: those of nested stacks by `<parent>/<service>`. */
export const stacksOf = (app: App): ReadonlyMap<string, Stack> =>
  new Map(
    app.node
      .findAll()
      .filter((one): one is Stack => Stack.isStack(one))
      .map((stack) => [stack instanceof NestedStack ? `${stack.nestedStackParent?.stackName}/${stack.node.id}` : stack.stackName, stack]),
  );

/** Throws a StackLimitError if a synthesized template is near a quota of CloudFormation. */
export function checkStackLimits(app: App, assembly: string): void {
  const problems = [...stacksOf(app)].flatMap(([name, { templateFile }]) =>
    problemsOf(name, readFileSync(path.join(assembly, templateFile))),
  );
  if (problems.length > 0) throw new StackLimitError(problems.join('\n'));
}

function problemsOf(name: string, template: Buffer): readonly string[] {
  const { Resources = {} } = JSON.parse(template.toString()) as { readonly Resources?: object };
  const resources = Object.keys(Resources).length;
  return [
    ...(template.byteLength > maxBytes
      ? [problem(name, `${template.byteLength} bytes`, `${maxBytes}, as CloudFormation refuses 1 MB`)]
      : []),
    ...(resources > maxResources
      ? [problem(name, `${resources} resources`, `${maxResources}, as CloudFormation refuses more than 500`)]
      : []),
  ];
}

const problem = (name: string, size: string, max: string): string =>
  `The template of the stack ${name} has ${size}. The maximum is ${max}. ${
    name.includes('/')
      ? 'Move some rules of this service to another folder of `rules`: each folder gets a stack of its own.'
      : 'Split the stack: move some of its resources to another stack.'
  }`;

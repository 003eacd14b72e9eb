import path from 'node:path';
import { environmentOf, owner, place } from './place';
import { succeed } from './program';

const root = path.resolve(__dirname, '../..');
const cdk = path.join(root, 'node_modules/aws-cdk/bin/cdk');
const localhost = path.join(root, 'test/emulator/localhost.cjs');
/** Member roles only read unless this is given. */
const writing = ['--parameters', 'PostureMember:Grants=write'];
const quiet = ['--no-notices', '--progress', 'events'];

/** The CDK's own command line, as its owner types it. */
export interface Cdk {
  bootstrap(): Promise<string>;
  deploy(assembly: string, options?: readonly string[]): Promise<string>;
  destroy(assembly: string): Promise<string>;
}

/** Synthesizes the real app with the policy of this test. */
export const synthesizeApp = (assembly: string): Promise<string> =>
  succeed(
    cdk,
    ['synth', '--quiet', '--no-notices', '--output', assembly, '--context', 'posture={"policy":"test/deployed/policy.yaml"}'],
    // Another test validates the templates.
    { ...environmentOf('http://localhost:1', owner), CDK_VALIDATION: 'false' },
    root,
  );

export function cdkAt(url: string): Cdk {
  const env = { ...environmentOf(url, owner), NODE_OPTIONS: `--require ${localhost}` };
  return {
    // Not in the repository, where it would synthesize the app first.
    bootstrap: () => succeed(cdk, ['bootstrap', `aws://${place.account}/${place.region}`, '--no-notices'], env),
    deploy: (assembly, options = ['--method=direct']) =>
      succeed(cdk, ['deploy', '--app', assembly, '--all', '--require-approval', 'never', ...writing, ...quiet, ...options], env),
    destroy: (assembly) => succeed(cdk, ['destroy', '--app', assembly, '--all', '--force', ...quiet], env),
  };
}

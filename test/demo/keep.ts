import { note } from '../../functions/cli/print/printed';
import type { Stage } from './stage';

/** Prints how to explore the emulator with the command line, and waits until the process is interrupted. */
export async function keepOpen({ gateway, account }: Stage): Promise<void> {
  note(`
The emulator runs until Ctrl-C. To explore it, in another terminal in this folder:

  export AWS_ENDPOINT_URL=${gateway.url} AWS_REGION=${account.region}
  export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo
  npm link    # once; adds the command posture to the PATH of this machine
  posture log --outcome fixed
  posture plan --all
  posture rollback <id of a remediation in the log>
`);
  await new Promise<never>(() => setInterval(() => {}, 60_000));
}

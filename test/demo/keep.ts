import { note } from '../../functions/cli/print/printed';
import type { Stage } from './stage';

/** Says how to look around with the command line, and waits until the process is interrupted. */
export async function keepOpen({ gateway, account }: Stage): Promise<void> {
  note(`
The emulator stays until Ctrl-C. To look around, in another terminal of this folder:

  export AWS_ENDPOINT_URL=${gateway.url} AWS_REGION=${account.region}
  export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo
  npm link    # once; adds the command posture to the PATH of this machine
  posture log --outcome fixed
  posture plan --all
  posture rollback <id, as the log has it>
`);
  await new Promise<never>(() => setInterval(() => {}, 60_000));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { Reply } from '../../functions/control/reply';
import type { Result } from '../../functions/remediate/context';
import type { World } from '../contract/scenario';
import type { Gateway } from '../emulator/gateway';
import { inspectorFinding } from '../events/service-finding';
import { openssl, report, running } from '../rules/ssm/vulnerable-instance';
import { onlyResult, openDesk, resultOf } from './desk';
import type { Stage } from './stage';

const rule = 'ssm-instance-vulnerabilities-patched';

/** A vulnerable instance, and what becomes of it. */
export interface Patch {
  readonly finding: string;
  readonly asked: Result;
  readonly approved: Reply;
  readonly patched: Result;
  /** What the instance read from the URL in the command, before the approval and after it. */
  readonly read: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/** Inspector reports a vulnerable package, which is updated after an approval. The agent on the instance and Inspector are stand-ins. */
export async function patch(stage: Stage, world: World): Promise<Patch> {
  const { account, region } = world;
  const desk = await openDesk(stage);
  try {
    const id = await running()(world);
    const resource = { type: 'AWS::EC2::Instance', arn: `arn:aws:ec2:${region}:${account}:instance/${id}` };
    const event = inspectorFinding({ account, region, type: 'PACKAGE_VULNERABILITY/AWS_EC2_INSTANCE', resource });
    const remediator = desk.remediator(rule);
    const asked = onlyResult(await resultOf(remediator, event));
    const before = urlsIn(stage.gateway);
    const approved = await desk.order('on call', { order: 'approve', remediation: asked.remediation, why: 'an exploit is known' });
    const [after, [patched]] = await Promise.all([standIn(stage.gateway, world, id), desk.delivered(remediator)]);
    if (!patched) throw new Error(`The approval of ${rule} had no result.`);
    return { finding: event.detail.title, asked, approved, patched, read: { before, after } };
  } finally {
    await desk.close();
  }
}

const urlsIn = ({ calls }: Gateway): readonly string[] =>
  calls.flatMap(({ operation, input }) => {
    const { InstallOverrideList = [] } = (input.Parameters ?? {}) as { readonly InstallOverrideList?: readonly string[] };
    return operation === 'SendCommand' ? InstallOverrideList : [];
  });

/** Does what the agent would: reads the list by its URL and updates the packages, which Inspector then no longer reports. */
async function standIn(gateway: Gateway, world: World, id: string): Promise<readonly string[]> {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const [url] = urlsIn(gateway);
    if (url !== undefined) {
      const { patches } = parse(await (await fetch(url)).text()) as { readonly patches: readonly { readonly id: string }[] };
      const left = [openssl].filter(({ name, arch }) => !patches.some((one) => one.id === `${name}.${arch.toLowerCase()}`));
      await report(world, id, { packages: left });
      return patches.map((one) => one.id);
    }
    await sleep(100);
  }
  return [];
}

import type { Policy } from '../../functions/policy/policy';
import type { World } from '../contract/scenario';
import { startGitHub } from '../tickets/stand-ins/github';
import { askedFor, type Decided, decide, type RecordOf } from './decide';
import { approver, openDesk } from './desk';
import { asking } from './policies';
import type { Stage } from './stage';
import { answeredFor, answerTicket, operator, type ShownTicket, token } from './ticket';

interface Given {
  readonly publish: (policy: Policy) => Promise<void>;
  readonly recordOf: RecordOf;
}

/** Plans wait, and people decide: by the control endpoint, and in a ticket. One policy and one desk for both. */
export async function letPeopleDecide(
  stage: Stage,
  world: World,
  { publish, recordOf }: Given,
): Promise<{ readonly decided: Decided; readonly ticket: ShownTicket }> {
  const { account } = stage.account;
  const gitHub = await startGitHub({ token, now: Date.now, searchLag: 0 });
  try {
    const user = String(operator.id);
    const policy = asking({ resources: [askedFor, answeredFor], account, approver, tracker: gitHub.url, user });
    await publish(policy);
    const desk = await openDesk(stage);
    try {
      const decided = await decide(stage, world, desk, recordOf);
      return { decided, ticket: await answerTicket(stage, world, { desk, gitHub, policy }) };
    } finally {
      await desk.close();
    }
  } finally {
    await gitHub.stop();
  }
}

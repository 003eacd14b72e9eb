import { accountIn, busStatements, maxBusPolicy } from './bus-policy';

import type { Policy } from './policy';
import type { PlacedProblem } from './problem';
import { isOfRequester } from './requester';

/** As long as the ARN of the bus is in any Region. */
const longestBus = 'arn:aws-iso-b:events:us-isob-northeast-1:111122223333:event-bus/posture-requests';

/** More requesters than the policy of their bus can bind. */
export function* requesterProblems(policy: Pick<Policy, 'requesters'>): Generator<PlacedProblem> {
  if (Object.keys(policy.requesters).length === 0) return;
  const length = JSON.stringify({ Version: '2012-10-17', Statement: busStatements(policy, longestBus) }).length;
  if (length <= maxBusPolicy) return;
  const message = `the policy of the bus for requests would have ${length} characters. EventBridge allows ${maxBusPolicy}. Remove requesters or principals.`;
  yield [['requesters'], message];
}

/** Requesters whose name nobody in particular has, and approvers who can't approve what their own principals request. */
export function* requesterWarnings({ requesters, approvals }: Pick<Policy, 'requesters' | 'approvals'>): Generator<PlacedProblem> {
  for (const [name, requester] of Object.entries(requesters)) {
    for (const [index, principal] of requester.principals.entries()) {
      if (accountIn(principal) === undefined) continue;
      yield [
        ['requesters', name, 'principals', index],
        `${principal} lets everybody in that account request as ${name} whom its policies let put events.`,
      ];
    }
    for (const [index, { principals }] of approvals.approvers.entries()) {
      for (const [position, approver] of principals.entries()) {
        if (!isOfRequester(approver, requester)) continue;
        const message = `${approver} can't approve what ${name} requests, because it is one of its principals.`;
        yield [['approvals', 'approvers', index, 'principals', position], message];
      }
    }
  }
}

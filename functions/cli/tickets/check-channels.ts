import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { checkEndpoint, checkSigningSecrets } from '../../answers/check-answers';
import type { Tickets } from '../../policy/tickets';
import { checkSlack } from '../../tickets/check-slack';
import { checkRoutingKey } from '../../tickets/pager-duty';
import { field, type Secret } from '../../tickets/secret';
import type { TrackerProblem } from '../../tickets/tracker';
import type { Caller } from '../central/caller';
import { sentence } from '../failure';

/** Problems of one part of the section `tickets`, and what could not be checked yet. */
export interface PartCheck {
  /** `Slack`, `PagerDuty`, `answers`. */
  readonly part: string;
  readonly problems: readonly TrackerProblem[];
  readonly unchecked?: string;
}

/** Checks what the policy names beside the tracker. Sends no message, no event and no answer. */
export async function checkChannels(
  tickets: Pick<Tickets, 'slack' | 'pagerDuty' | 'answers'>,
  secretOf: (name: string) => Secret,
  caller: Pick<Caller, 'region' | 'credentials'>,
): Promise<readonly PartCheck[]> {
  const { slack, pagerDuty, answers } = tickets;
  const checked = async (
    settings: { readonly secret: string },
    [name, vendor]: readonly [string, string],
    check: (secret: Secret) => Problems,
  ) => {
    const secret = secretOf(settings.secret);
    const missing = await missingField(secret, name, vendor);
    return missing.length > 0 ? missing : check(secret);
  };
  return [
    ...(slack
      ? [
          {
            part: `Slack (${slack.channel})`,
            problems: await checked(slack, ['token', 'Slack'], (secret) => checkSlack(slack, secret)),
          },
        ]
      : []),
    ...(pagerDuty ? [{ part: 'PagerDuty', problems: await checked(pagerDuty, ['routingKey', 'PagerDuty'], checkRoutingKey) }] : []),
    ...(answers ? [await checkAnswers(tickets, secretOf(answers.secret), caller)] : []),
  ];
}

type Problems = Promise<readonly TrackerProblem[]>;

async function missingField(secret: Secret, name: string, vendor: string): Problems {
  const credentials = await secret.read();
  try {
    field(credentials, name, vendor);
    return [];
  } catch (error) {
    return [{ code: 'secret-invalid', message: sentence(error) }];
  }
}

async function checkAnswers(
  tickets: Pick<Tickets, 'slack'>,
  secret: Secret,
  caller: Pick<Caller, 'region' | 'credentials'>,
): Promise<PartCheck> {
  const problems = await checkSigningSecrets(tickets, secret);
  const url = await answersUrl(caller);
  if (url === undefined)
    return {
      part: 'answers',
      problems,
      unchecked: 'The stack Posture has no endpoint of answers here yet: check again after `npx cdk deploy --all`.',
    };
  return { part: 'answers', problems: [...problems, ...(await checkEndpoint(url, tickets))] };
}

/** The output of the central stack; undefined before the first deployment with answers. */
async function answersUrl({ region, credentials }: Pick<Caller, 'region' | 'credentials'>): Promise<string | undefined> {
  const client = new CloudFormationClient({ region, credentials, maxAttempts: 6 });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: 'Posture' }));
    return Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'AnswersUrl')?.OutputValue;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

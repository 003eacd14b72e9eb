import type { Policy } from './policy';

/** Who answered: `jira-cloud:5b10ac8d82e05b22cc7d4ef5`, `slack:T012AB3CD/U012AB3CD`. */
export const answererPattern = /^(jira-cloud|jira-data-center|github|servicenow|slack):[\w:.@/-]{1,150}$/;

export const isAnswerer = (by: string): boolean => answererPattern.test(by);

export const trackerUser = (vendor: string, user: string): string => `${vendor}:${user}`;
export const slackUser = (workspace: string, user: string): string => `slack:${workspace}/${user}`;

/**
 * The ARN of the person whose rights count: who signed a request, or whom the policy names for the user that answered; undefined if it names
 * nobody. A user of another tracker or workspace than that of the policy is nobody.
 */
export function personOf(by: string, { tickets }: Pick<Policy, 'tickets'>): string | undefined {
  if (!isAnswerer(by)) return by;
  const { answers, tracker, slack: chat } = tickets ?? {};
  const named = answers?.operators.filter(
    ({ user, slack }) =>
      (user !== undefined && tracker && trackerUser(tracker.vendor, user) === by) ||
      (slack !== undefined && chat && slackUser(chat.workspace, slack) === by),
  );
  return named?.length === 1 ? named[0]?.person : undefined;
}

import { matchesWildcard } from '../../rules/wildcard';
import type { Policy } from './policy';
import type { Case } from './scope';

type Named = Pick<Case, 'resource' | 'aliases' | 'account'>;

/** The entry that names the resource; undefined if none does. */
export function neverIn({ responses }: Pick<Policy, 'responses'>, about: Named) {
  const index = responses.never.findIndex(
    ({ resources, accounts, names }) =>
      (accounts?.includes(about.account) ?? true) &&
      (resources === undefined || isNamed(about, resources)) &&
      (names === undefined || formsOf(about).some((arn) => names.some((name) => matches(nameIn(arn), name)))),
  );
  const entry = responses.never[index];
  return entry && { at: `responses.never[${index}]`, reason: entry.reason };
}

/** The principals of people and pipelines that the policy names, by what they are there. */
export function protectedAs({ approvals }: Pick<Policy, 'approvals'>, about: Named): string | undefined {
  if (
    isNamed(
      about,
      approvals.approvers.flatMap(({ principals }) => principals),
    )
  )
    return 'an approver, by approvals.approvers';
  if (isNamed(about, approvals.automationRoles)) return 'a role of deployments, by approvals.automationRoles';
  return undefined;
}

const isNamed = (about: Named, patterns: readonly string[]): boolean =>
  formsOf(about).some((arn) => patterns.flatMap(patternsOf).some((pattern) => matches(arn, pattern)));

/** A name that matches too much is left alone, one that matches too little is contained. */
const matches = (text: string, pattern: string): boolean => matchesWildcard(text.toLowerCase(), pattern.toLowerCase());

const formsOf = ({ resource, aliases = [] }: Named): readonly string[] => [resource, ...aliases].flatMap((arn) => [arn, withoutPath(arn)]);

/** A pattern for a session names its role; and one without wildcards names the principal with any path, as names are unique in an account. */
function patternsOf(pattern: string): readonly string[] {
  const role = pattern.replace(/^(arn:[^:]+):sts:(:\d{12}):assumed-role\/([^/]+)(\/.*)?$/, '$1:iam:$2:role/$3');
  return [role, ...(/[*?]/.test(role) ? [] : [withoutPath(role)])];
}

const withoutPath = (arn: string): string => arn.replace(/^(arn:[^:]+:iam::\d{12}:(?:role|user))\/.*\//, '$1/');

const nameIn = (arn: string): string => arn.split(/[:/]/).at(-1) ?? '';

import * as z from 'zod';
import type { TrackerSettings } from '../../policy/tickets';
import type { Doubt, ReadSaid } from '../said';
import type { Secret } from '../secret';
import { absent, expectShape } from './answer';
import { connectToGitHub, issueShape } from './github';
import type { VendorOptions } from './vendor-options';

const commentShape = z.object({
  id: z.int(),
  body: z.string().nullish(),
  issue_url: z.string().max(500),
  user: z.object({ id: z.int().positive(), type: z.string() }).nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  performed_via_github_app: z.unknown().optional(),
});

/**
 * Comments of GitHub. A user is named by its number: a login can be given up, and taken by somebody else. Whoever may write in the repository can
 * edit the comments of others. Source: docs.github.com/en/rest/issues/comments.
 */
export function gitHubSaid(settings: TrackerSettings, secret: Secret, options: VendorOptions): ReadSaid {
  const ask = connectToGitHub(settings, secret, options);
  const at = (rest: string) => `/repos/${settings.project}${rest}`;
  return async (ticket, comment) => {
    const answer = await ask({ method: 'GET', path: at(`/issues/comments/${encodeURIComponent(comment)}`) }).catch(absent);
    if (answer === undefined) return undefined;
    const said = expectShape(commentShape, answer, 'GitHub');
    if (!said.issue_url.endsWith(`/issues/${ticket}`)) return undefined;
    const found = await ask({ method: 'GET', path: at(`/issues/${encodeURIComponent(ticket)}`) }).catch(absent);
    if (found === undefined) return undefined;
    const { number, labels } = expectShape(issueShape, found, 'GitHub');
    const doubt = doubtOf(said);
    return {
      ticket: {
        ...{ id: String(number), key: `#${number}` },
        marks: labels.flatMap((label) => (typeof label === 'string' ? label : label.name) ?? []),
      },
      user: String(said.user?.id ?? ''),
      text: said.body ?? '',
      at: said.created_at,
      ...(doubt !== undefined && { doubt }),
    };
  };
}

function doubtOf({ user, created_at, updated_at, performed_via_github_app }: z.infer<typeof commentShape>): Doubt | undefined {
  if (user?.type !== 'User' || (performed_via_github_app ?? null) !== null) return 'automated';
  return created_at === updated_at ? undefined : 'edited';
}

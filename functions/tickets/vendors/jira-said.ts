import * as z from 'zod';
import type { TrackerSettings } from '../../policy/tickets';
import { textOfAdf } from '../markup/adf';
import type { Doubt, ReadSaid } from '../said';
import type { Secret } from '../secret';
import { absent, expectShape } from './answer';
import { connectToJira } from './jira-connection';
import type { VendorOptions } from './vendor-options';

const text = z.string().min(1).max(300);
const authorShape = z.object({
  accountId: text.optional(),
  key: text.optional(),
  accountType: z.string().optional(),
  active: z.boolean().default(true),
});
const issueShape = z.object({ id: text, key: text, fields: z.object({ labels: z.array(z.string()).default([]) }) });
const commentShape = z.object({
  id: text,
  author: authorShape,
  updateAuthor: authorShape.optional(),
  body: z.unknown(),
  created: z.string(),
  updated: z.string(),
});

/**
 * Comments of Jira. A user is named by its account id in Cloud and by its key in Data Center: a name can be changed, and given to somebody else.
 * Whoever has the permission *Edit all comments* can edit those of others. Source: developer.atlassian.com/cloud/jira/platform/rest/v3, Issue comments.
 */
export function jiraSaid(settings: TrackerSettings, secret: Secret, options: VendorOptions): ReadSaid {
  const { isCloud, ask } = connectToJira(settings, secret, options.timeout);
  const idOf = ({ accountId, key }: z.infer<typeof authorShape>): string => (isCloud ? accountId : key) ?? '';
  return async (ticket, comment) => {
    const path = `/issue/${encodeURIComponent(ticket)}`;
    const found = await ask({ method: 'GET', path, query: { fields: 'labels,status' } }).catch(absent);
    const answer = found && (await ask({ method: 'GET', path: `${path}/comment/${encodeURIComponent(comment)}` }).catch(absent));
    if (found === undefined || answer === undefined) return undefined;
    const { id, key, fields } = expectShape(issueShape, found, 'Jira');
    const said = expectShape(commentShape, answer, 'Jira');
    const doubt = doubtOf(said);
    return {
      ticket: { id, key, marks: fields.labels },
      user: idOf(said.author),
      text: textOfAdf(said.body).trim(),
      at: timeOf(said.created),
      ...(doubt !== undefined && { doubt }),
    };

    function doubtOf({ author, updateAuthor = author, created, updated }: z.infer<typeof commentShape>): Doubt | undefined {
      if (author.accountType !== undefined && author.accountType !== 'atlassian') return 'automated';
      if (!author.active || idOf(author) === '') return 'unknown-user';
      return created === updated && idOf(updateAuthor) === idOf(author) ? undefined : 'edited';
    }
  };
}

/** `2026-11-24T09:00:00.000+0000`: ISO 8601 wants a colon in the offset. */
const timeOf = (given: string): string => given.replace(/([+-]\d\d)(\d\d)$/, '$1:$2');

import * as z from 'zod';
import type { TrackerSettings } from '../../policy/tickets';
import { type ApiRequest, send } from '../http';
import { field, type Secret } from '../secret';

const errorShape = z.object({
  errorMessages: z.array(z.string()).default([]),
  errors: z.record(z.string(), z.string()).default({}),
});

/** What Jira says in the body of an error. Source: developer.atlassian.com/cloud/jira/platform/rest/v3/intro, Status codes. */
function messageOfJira(body: unknown): string | undefined {
  const read = errorShape.safeParse(body);
  if (!read.success) return undefined;
  const said = [...read.data.errorMessages, ...Object.entries(read.data.errors).map(([name, why]) => `${name}: ${why}`)];
  return said.length === 0 ? undefined : said.join(' ');
}

export interface JiraConnection {
  readonly settings: TrackerSettings;
  readonly isCloud: boolean;
  /** The page of an issue. */
  readonly page: (key: string) => string;
  readonly ask: (request: ApiRequest) => Promise<unknown>;
}

/** Signs in to Cloud with an email and an API token, and to Data Center with a personal access token. */
export function connectToJira(settings: TrackerSettings, secret: Secret, timeout?: number): JiraConnection {
  const { url, vendor } = settings;
  const isCloud = vendor === 'jira-cloud';
  const root = url.replace(/\/+$/, '');
  const api = {
    ...{ vendor: 'Jira', base: `${root}${isCloud ? '/rest/api/3' : '/rest/api/2'}`, secrets: secret.seen, messageIn: messageOfJira },
    ...(timeout !== undefined && { timeout }),
    async headers() {
      const read = await secret.read();
      const token = field(read, 'token', 'Jira');
      if (!isCloud) return { authorization: `Bearer ${token}` };
      return { authorization: `Basic ${Buffer.from(`${field(read, 'email', 'Jira')}:${token}`).toString('base64')}` };
    },
  };
  return { settings, isCloud, page: (key) => `${root}/browse/${encodeURIComponent(key)}`, ask: (request) => send(api, request) };
}

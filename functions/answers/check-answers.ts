import { describe } from '../aws/error';
import type { Tickets } from '../policy/tickets';
import type { Secret } from '../tickets/secret';
import type { TrackerProblem } from '../tickets/tracker';
import { secretsOf } from './endpoint/receive';

/** The paths of the endpoint, with the field of the secret of each. */
const pathsOf = ({ slack }: Pick<Tickets, 'slack'>) => ['tracker', ...(slack ? (['slack'] as const) : [])] as const;

/** What is wrong with the signing secrets. */
export async function checkSigningSecrets(tickets: Pick<Tickets, 'slack'>, secret: Secret): Promise<readonly TrackerProblem[]> {
  const credentials = await secret.read();
  return pathsOf(tickets).flatMap((path) => {
    try {
      secretsOf(path === 'slack' ? 'slack' : 'github', credentials);
      return [];
    } catch (error) {
      return [{ code: 'secret-invalid' as const, message: error instanceof Error ? error.message : describe(error) }];
    }
  });
}

const timeout = 10_000;

/** Whether the endpoint refuses what nobody has signed: an empty request, which can do nothing. */
export async function checkEndpoint(url: string, tickets: Pick<Tickets, 'slack'>): Promise<readonly TrackerProblem[]> {
  const found = await Promise.all(
    pathsOf(tickets).map(async (path): Promise<readonly TrackerProblem[]> => {
      const at = `${url.replace(/\/+$/, '')}/${path}`;
      try {
        const { status } = await fetch(at, { method: 'POST', redirect: 'error', signal: AbortSignal.timeout(timeout) });
        const advice = adviceFor(status);
        if (advice === undefined) return [];
        const code = status === 404 ? 'endpoint-not-found' : 'endpoint-refuses-wrongly';
        return [{ code, message: `${at} answered ${status} to a request without a signature, and must answer 401. ${advice}` }];
      } catch (error) {
        const why = describe(error instanceof Error && error.cause !== undefined ? error.cause : error);
        return [{ code: 'endpoint-not-found', message: `${at} does not answer (${why}). Check the network, and deploy again.` }];
      }
    }),
  );
  return found.flat();
}

function adviceFor(status: number): string | undefined {
  if (status === 401) return undefined;
  if (status === 404) return 'The deployed policy has no such channel: deploy again.';
  if (status === 429) return 'It is limited because of too many requests: check again in a minute.';
  if (status >= 500) return 'Read the log group of posture-answers-endpoint: its secret may be unreadable or invalid.';
  return 'This is not the endpoint of the stack: check the output AnswersUrl.';
}

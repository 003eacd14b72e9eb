import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HistoryTable } from './table';

export interface ServedHistory {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves a table as DynamoDB, to processes of the command line and of functions: who asks, whether the table exists, and queries. All else is taken, and kept nowhere. */
export async function serveHistory(table: HistoryTable, account: string): Promise<ServedHistory> {
  const server = createServer((request, response) => {
    let body = '';
    const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    if (operation === '') request.resume();
    else
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
    request.on('end', () => {
      if (operation === '') {
        response.setHeader('content-type', 'text/xml');
        response.end(identity(account));
        return;
      }
      const answer = answerOf(table, operation, body);
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerOf(table: HistoryTable, operation: string, body: string): object {
  if (operation === 'Query') return table.query(JSON.parse(body));
  if (operation === 'Scan') return table.scan(JSON.parse(body));
  return operation === 'BatchGetItem' ? table.batchGet(JSON.parse(body)) : { Table: { TableStatus: 'ACTIVE' } };
}

const identity = (account: string): string =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/auditor</Arn><UserId>AIDAEXAMPLE</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { folderArchive } from '../../functions/cli/log/verify/folder-archive';
import type { ArchiveReader } from '../../functions/seal/archive-reader';

/** The name of the bucket that is served. */
export const servedBucket = 'archive';

interface ServedArchive {
  readonly url: string;
  /** Requests since the start. */
  readonly requests: () => number;
  stop(): void;
}

/** Serves a folder as a bucket of S3, to read. */
export async function serveArchive(folder: string): Promise<ServedArchive> {
  const reader = await folderArchive(folder);
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void answer(reader, new URL(request.url ?? '', 'http://127.0.0.1'), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const maxListed = 1000;

async function answer(reader: ArchiveReader, { pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
  response.setHeader('content-type', 'application/xml');
  const key = decodeURIComponent(pathname.slice(`/${servedBucket}/`.length));
  if (key !== '') {
    const content = await reader.open(key);
    if (content) Readable.from(content).pipe(response);
    else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
    return;
  }
  const after = searchParams.get('continuation-token') ?? searchParams.get('start-after') ?? '';
  const keys: string[] = [];
  for await (const one of reader.list(searchParams.get('prefix') ?? '', after)) {
    keys.push(one);
    if (keys.length > maxListed) break;
  }
  const listed = keys.slice(0, maxListed);
  const next = keys.length > maxListed ? `<NextContinuationToken>${listed.at(-1)}</NextContinuationToken>` : '';
  const contents = listed.map((one) => `<Contents><Key>${one}</Key></Contents>`).join('');
  response.end(`<ListBucketResult><IsTruncated>${next !== ''}</IsTruncated>${next}${contents}</ListBucketResult>`);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeArchive } from '../history/archive';
import { trailsOf } from '../history/events';
import type { Script } from '../history/script';
import { serveArchive, servedBucket } from '../history/serve-archive';
import type { HistoryTable } from '../history/table';
import { launcher, peakOf } from './peak';

interface MeasuredVerification {
  readonly name: string;
  /** Read units of the table. */
  readonly units: number;
  /** Requests to S3. */
  readonly requests: number;
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** `posture log verify` over all, a month, one remediation, and a copy: each has to prove the whole history. */
export async function measureVerification(
  table: HistoryTable,
  endpoint: string,
  scripts: readonly Script[],
): Promise<readonly MeasuredVerification[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'posture-bench-'));
  const { key, head } = await writeArchive(folder, scripts.flatMap(trailsOf), {
    table: 'arn:aws:dynamodb:eu-west-1:123456789012:table/posture-log',
  });
  const archive = await serveArchive(folder);
  const [sample] = scripts;
  const runs = [
    ['the whole log', []],
    ['a month', ['--since', '2025-06-01', '--until', '2025-06-30']],
    ['one remediation', ['--remediation', `${sample?.rule}/${sample?.remediation}`]],
    ['a copy, without the table', ['--archive', folder]],
  ] as const;
  const measured: MeasuredVerification[] = [];
  try {
    for (const [name, args] of runs) {
      const [units, requests, started] = [table.usage.units, archive.requests(), performance.now()];
      const words = [launcher, 'log', 'verify', '--key', key, '--head', head, ...args];
      const megabytes = await peakOf(words, endpoint, { POSTURE_ARCHIVE_BUCKET: servedBucket, AWS_ENDPOINT_URL_S3: archive.url });
      const milliseconds = performance.now() - started;
      measured.push({ name, units: table.usage.units - units, requests: archive.requests() - requests, milliseconds, megabytes });
    }
    return measured;
  } finally {
    archive.stop();
    rmSync(folder, { recursive: true });
  }
}

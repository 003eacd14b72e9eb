import { jsonParts } from '../json-text';
import { reportCsv } from './csv';
import { documentOf } from './document';
import { reportPage } from './html/page';
import { ocsfLines } from './ocsf';
import { oscalDocument } from './oscal/document';
import type { Report } from './report';

/** The formats of a report. Each is made in parts, because a year may be larger than the memory. */
export const formats = {
  html: { extension: 'html', type: 'text/html; charset=utf-8', write: (report) => [reportPage(report)] },
  csv: { extension: 'csv', type: 'text/csv; charset=utf-8', write: reportCsv },
  json: { extension: 'json', type: 'application/json', write: (report) => documentIn(documentOf(report)) },
  ocsf: { extension: 'ocsf.jsonl', type: 'application/x-ndjson', write: ocsfLines },
  oscal: { extension: 'oscal.json', type: 'application/json', write: (report) => documentIn(oscalDocument(report)) },
} as const satisfies Readonly<Record<string, Format>>;

interface Format {
  /** Of the name of a file. */
  readonly extension: string;
  /** The media type. */
  readonly type: string;
  readonly write: (report: Report) => Iterable<string>;
}

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as readonly FormatName[];

const partLength = 64 * 1024;

/** The report in a format, in parts that are worth writing. */
export function* reportIn(name: FormatName, report: Report): Generator<string> {
  let waiting: string[] = [];
  let length = 0;
  const format: Format = formats[name];
  for (const part of format.write(report)) {
    waiting.push(part);
    length += part.length;
    if (length < partLength) continue;
    yield waiting.join('');
    waiting = [];
    length = 0;
  }
  if (waiting.length > 0) yield waiting.join('');
}

function* documentIn(document: object): Generator<string> {
  yield* jsonParts(document);
  yield '\n';
}

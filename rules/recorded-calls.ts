/**
 * Calls that change resources of a type, as CloudTrail records them: by the path in the record where the id, the name or the ARN stands, the names of
 * the calls. `[]` stands for each of a list; `account` for a setting of the account and Region. Versioned names are as recorded:
 * `AddPermission20150331v2`. Source: the API reference of the service, and "Logging API calls with AWS CloudTrail" in its guide.
 */
export interface RecordedCalls {
  /** The service in `eventSource`, `s3` for `s3.amazonaws.com`. */
  readonly service: string;
  readonly calls: Readonly<Record<string, readonly string[]>>;
  /** The operation of the API for each call that CloudTrail records by another name, versions apart. */
  readonly operations?: Readonly<Record<string, string>>;
}

/** The operation of the API that a call is recorded for: `AddPermission` for `AddPermission20150331v2`. */
export const operationOf = (name: string, { operations = {} }: Pick<RecordedCalls, 'operations'> = {}): string =>
  (Object.hasOwn(operations, name) ? operations[name] : undefined) ?? name.replace(/20\d{6}(?:v\d+)?$/, '');

/** The names of all calls. */
export const callNames = ({ calls }: RecordedCalls): readonly string[] => Object.values(calls).flat();

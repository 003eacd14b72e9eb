/** An error as a service answers it: its code, the HTTP status and further fields of the answer. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** A call that the storm's AWS lacks: no error of AWS's, but a gap of the storm. */
export class NotSimulated extends Error {
  override readonly name = 'NotSimulated';
}

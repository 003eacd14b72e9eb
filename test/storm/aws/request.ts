/** One call as a service receives it. */
export interface Request {
  /** The namespace of the service in the SDK: `s3`, `dynamodb`. */
  readonly service: string;
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: every operation has an input of its own.
  readonly input: any;
  readonly account: string;
  readonly region: string;
  /** The ARN of the caller. */
  readonly principal: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a service does for each of its operations. An operation throws an AwsError, or answers. */
export type Service = Readonly<Record<string, (request: Request) => object>>;

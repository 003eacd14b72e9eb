/** The options that every command takes. */
export interface GlobalOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly timeZone?: string;
  readonly color: boolean;
  readonly debug?: boolean;
}

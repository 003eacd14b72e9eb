import type { Aws, Place, Rule } from '../../rules/rule';
import type { Clock } from '../clock';
import type { Finding } from '../findings/finding';
import type { LogEntry } from '../log/query';
import type { Identification } from '../sources/config/identify';

/** What a source reports as wrong now. */
export interface Report {
  readonly rule: Pick<Rule, 'id'>;
  readonly finding: Pick<Finding, 'id'>;
  /** The event that it would have been. */
  readonly event: unknown;
  /** When the source evaluated the resource last. */
  readonly evaluatedAt: Date;
  /** A record of the log that is not older says that the report was heard. */
  readonly since: Date;
}

/** What the sources of reports need. */
export interface SourcePorts {
  readonly rules: readonly Pick<Rule, 'id' | 'detectedBy' | 'resource'>[];
  readonly central: Place;
  readonly connect: (place: Place) => Aws;
  readonly identification: Identification;
  readonly clock: Clock;
}

export interface ReconcilePorts extends SourcePorts {
  /** The newest record of the function of this rule about the finding. */
  readonly lastRecord: (rule: string, finding: string) => Promise<Pick<LogEntry, 'time' | 'outcome'> | undefined>;
  readonly invoke: (rule: string, event: unknown) => Promise<void>;
  readonly maxFindings: number;
  readonly secondsLeft: () => number;
}

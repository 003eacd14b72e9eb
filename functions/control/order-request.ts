import type { Subject } from '../log/event';
import type { Reply } from './reply';

/** What a request is about, as far as it is known, for the log. */
export type About = Partial<Omit<Subject, 'remediation' | 'version'>>;

/** A request that is not parsed yet, or why it is refused; and its caller, which the channel provides, not the request. */
export type OrderRequest = { readonly by: string; readonly about?: About } & ({ readonly given: unknown } | { readonly refusal: Reply });

import type { Reply } from './reply';

/** A request that is not parsed yet, or why it is refused; and its caller, which the channel provides, not the request. */
export type OrderRequest = { readonly by: string } & ({ readonly given: unknown } | { readonly refusal: Reply });

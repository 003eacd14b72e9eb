import type { Reply } from './reply';

/** What came in by a channel: an order as yet unread, or why it is none; and who gives it, which the channel tells and the request does not. */
export type OrderRequest = { readonly by: string } & ({ readonly given: unknown } | { readonly refusal: Reply });

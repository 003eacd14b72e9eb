/** What became of an order. */
export type Reply =
  | { readonly done: true; readonly reason: string; readonly remediation?: string }
  | {
      readonly done: false;
      /** `forbidden`: this person may not. `conflict`: not any more, or not yet. */
      readonly refused: 'invalid' | 'forbidden' | 'not-found' | 'conflict';
      readonly reason: string;
    };

export const refuse = (refused: Extract<Reply, { done: false }>['refused'], reason: string): Reply => ({ done: false, refused, reason });
export const accept = (reason: string, remediation?: string): Reply => ({
  done: true,
  reason,
  ...(remediation !== undefined && { remediation }),
});

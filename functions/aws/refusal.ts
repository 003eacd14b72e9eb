/** An error for a successful response that reports a partial failure: EC2 lists it as `Unsuccessful`, Inspector as `failedAccounts`. */
export function refusalIn(answer: unknown): Error | undefined {
  const { Unsuccessful, failedAccounts } = (answer ?? {}) as { readonly Unsuccessful?: unknown; readonly failedAccounts?: unknown };
  if (Array.isArray(failedAccounts) && failedAccounts.length > 0) {
    const [{ accountId = '', errorCode, errorMessage }] = failedAccounts as [Readonly<Record<string, string | undefined>>];
    return Object.assign(new Error(`${errorMessage ?? 'AWS returned no reason.'} (${accountId})`), { name: errorCode ?? 'FailedAccount' });
  }
  if (!Array.isArray(Unsuccessful) || Unsuccessful.length === 0) return undefined;
  const [{ ResourceId, Error: reason }] = Unsuccessful as [
    { readonly ResourceId?: string; readonly Error?: { readonly Code?: string; readonly Message?: string } },
  ];
  const error = new Error(`${reason?.Message ?? 'AWS returned no reason.'}${ResourceId ? ` (${ResourceId})` : ''}`);
  error.name = reason?.Code ?? 'Unsuccessful';
  return error;
}

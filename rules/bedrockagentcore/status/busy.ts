/** The status, for a state, if AgentCore does not accept changes now; otherwise nothing. */
export const busy = (status: string | undefined): { readonly status?: string } =>
  status !== undefined && /ING$/.test(status) ? { status } : {};

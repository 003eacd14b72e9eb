/** The status of a thing of AgentCore that takes no changes now, for a state; nothing where it does. */
export const busy = (status: string | undefined): { readonly status?: string } =>
  status !== undefined && /ING$/.test(status) ? { status } : {};

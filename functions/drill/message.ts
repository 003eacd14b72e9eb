import * as z from 'zod';

const shape = z.strictObject({
  drill: z.strictObject({
    partition: z.string().regex(/^aws(-[a-z]+)*$/),
    account: z.string().regex(/^\d{12}$/),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
    resource: z.string().min(1).max(2048).optional(),
    requestedBy: z.string().min(1).max(2048),
  }),
});

/** Has the function of a response ask AWS whether it could be carried out. */
export type DrillMessageShape = z.infer<typeof shape>;

/** What is to be drilled, in which account and Region, and on which resource. */
export interface DrillMessage {
  readonly place: { readonly partition: string; readonly account: string; readonly region: string };
  /** Its ARN. */
  readonly resource?: string;
  readonly requestedBy: string;
}

export const drillMessage = ({ place, ...rest }: DrillMessage): DrillMessageShape => ({ drill: { ...place, ...rest } });

/** Undefined for any other message. */
export function readDrill(event: unknown): DrillMessage | undefined {
  const { data } = shape.safeParse(event);
  if (!data) return undefined;
  const { partition, account, region, resource, requestedBy } = data.drill;
  return { place: { partition, account, region }, requestedBy, ...(resource !== undefined && { resource }) };
}

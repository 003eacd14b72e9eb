import * as z from 'zod';
import type { TrackerSettings } from '../../policy/tickets';
import type { ReadSaid } from '../said';
import type { Secret } from '../secret';
import { absent, expectShape } from './answer';
import { connectToServiceNow } from './service-now';
import type { VendorOptions } from './vendor-options';

const entryShape = z.object({
  result: z.object({
    sys_id: z.string(),
    name: z.string(),
    element: z.string(),
    element_id: z.string(),
    value: z.string(),
    sys_created_by: z.string(),
    sys_created_on: z.string(),
  }),
});
const recordShape = z.object({ result: z.object({ sys_id: z.string(), number: z.string(), correlation_id: z.string().default('') }) });
const usersShape = z.object({ result: z.array(z.object({ sys_id: z.string(), user_name: z.string(), active: z.string() })) });

const isId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

/**
 * Entries of the journals of ServiceNow, which nobody can edit in the form. An entry names its author by a user name, which can be changed and given
 * to somebody else, so the policy names users by their sys_id. Source: servicenow.com/docs, Journal fields, and Table API.
 */
export function serviceNowSaid(settings: TrackerSettings, secret: Secret, options: VendorOptions): ReadSaid {
  const { table, ask, askTable } = connectToServiceNow(settings, secret, options);

  return async (ticket, comment) => {
    if (!isId(ticket) || !isId(comment)) return undefined;
    const sysparm_fields = 'sys_id,name,element,element_id,value,sys_created_by,sys_created_on';
    const answer = await askTable('sys_journal_field', { method: 'GET', path: `/${comment}`, query: { sysparm_fields } }).catch(absent);
    if (answer === undefined) return undefined;
    const { result: entry } = expectShape(entryShape, answer, 'ServiceNow');
    const isComment = ['comments', 'work_notes'].includes(entry.element) && entry.name === table && entry.element_id === ticket;
    if (entry.sys_id !== comment || !isComment) return undefined;
    const query = { sysparm_fields: 'sys_id,number,correlation_id' };
    const found = await ask({ method: 'GET', path: `/${ticket}`, query }).catch(absent);
    if (found === undefined) return undefined;
    const { sys_id, number, correlation_id } = expectShape(recordShape, found, 'ServiceNow').result;
    const user = await userNamed(entry.sys_created_by);
    return {
      ticket: { id: sys_id, key: number, marks: [correlation_id] },
      user: user ?? '',
      text: entry.value,
      at: `${entry.sys_created_on.replace(' ', 'T')}Z`,
      ...(user === undefined && { doubt: 'unknown-user' as const }),
    };
  };

  /** The sys_id of the only active user with this name. ServiceNow ignores a condition that it can't evaluate, so the answer is compared. */
  async function userNamed(name: string): Promise<string | undefined> {
    if (!/^[\w.@+-]{1,100}$/.test(name)) return undefined;
    const query = { sysparm_query: `user_name=${name}`, sysparm_fields: 'sys_id,user_name,active', sysparm_limit: '10' };
    const answer = await askTable('sys_user', { method: 'GET', path: '', query });
    const { result } = expectShape(usersShape, answer, 'ServiceNow');
    const [user, ...others] = result.filter(({ user_name }) => user_name === name);
    return user?.active === 'true' && others.length === 0 ? user.sys_id : undefined;
  }
}

import type { Unfixable } from '../../rule';
import { type AddressRange, addingUpToEverything, parseRange } from './address-range';
import { nameOfPermission, type Permission } from './permission';

/** The traffic to a port, by one protocol. */
export interface Traffic {
  /** `tcp`, `udp`, or `-1` for traffic of any protocol, to which only a permission for all protocols applies. */
  readonly protocol: string;
  readonly port: number;
}

type Family = AddressRange['family'];

/** Ranges with a shorter prefix are too wide on their own. */
export type Shortest = Readonly<Record<Family, number>>;

/** A permission with addresses that it allows. */
type Allowed<One> = AddressRange & { readonly permission: One };

/** The permissions that open the traffic to the whole internet of a family, alone or together with others. */
export function opening<One extends Permission>(
  permissions: readonly One[],
  traffic: Traffic,
  families: readonly Family[] = [4, 6],
  shortest: Shortest = { 4: 0, 6: 0 },
): readonly One[] {
  const allowed = permissions.filter((one) => admits(one, traffic)).flatMap(rangesOf);
  const open = families.flatMap((family) => {
    const ranges = allowed.filter((range) => range.family === family);
    const tooWide = ranges.filter(({ prefix }) => prefix < shortest[family]);
    return [...tooWide, ...addingUpToEverything(ranges, ({ permission }) => permission)];
  });
  return [...new Set(open.map(({ permission }) => permission))];
}

/** The permissions for some of the traffic from prefix lists that are deleted or no longer shared with the account. */
export const ofUnknownAddresses = <One extends Permission>(permissions: readonly One[], traffic: readonly Traffic[]): readonly One[] =>
  permissions.filter((one) => one.prefixList !== undefined && one.entries === undefined && traffic.some((some) => admits(one, some)));

/** Why such a permission can't be judged. */
export const addressesUnknown = (permission: Permission): Unfixable => ({
  unfixable: `The addresses of ${nameOfPermission(permission)} are unknown: the prefix list does not exist, or is no longer shared with this account. Remove the rule, or share the list.`,
  code: 'prefix-list-unreadable',
});

const rangesOf = <One extends Permission>(permission: One): readonly Allowed<One>[] =>
  [permission.ipv4, permission.ipv6, ...(permission.entries ?? [])].flatMap((text) => {
    const range = parseRange(text ?? '');
    return range ? [{ ...range, permission }] : [];
  });

const admits = ({ protocol, from, to }: Permission, traffic: Traffic): boolean =>
  protocol === '-1' || (protocol === traffic.protocol && (from === -1 || (from <= traffic.port && traffic.port <= to)));

import type { Cell } from '../aws/cells';
import type { Random } from '../random';
import { type Misconfiguration, type Place, type Sort, sorted, tag } from './sort';

interface Rule {
  readonly egress: boolean;
  readonly from: number;
  readonly to: number;
  readonly ipv4: string;
}

const rule = (number: number, port: number, ipv4: string, tags: Readonly<Record<string, string>> = {}, egress = false) => ({
  id: `sgr-${number}`,
  egress,
  protocol: 'tcp',
  from: port,
  to: port,
  ipv4,
  tags,
});

const open = '0.0.0.0/0';

/** Opens one or two ports to everybody; rules with tags of their own take a call each. */
const opening =
  (...ports: readonly number[]) =>
  (cell: Cell, random: Random): void => {
    for (const port of ports) {
      const tags: Record<string, string> = random.chance(0.5) ? { owner: `owners-of-${port}` } : {};
      if (!isOpen(cell, [port])) cell.rules.push(rule(1000 + port, port, open, tags));
    }
  };

const isOpen = (cell: Cell, ports: readonly number[]): boolean =>
  cell.rules.some(({ egress, ipv4, from, to }: Rule) => !egress && ipv4 === open && ports.some((port) => from <= port && port <= to));

const admin: Misconfiguration = {
  rule: 'ec2-security-group-admin-ports-closed',
  control: 'EC2.19',
  bring: opening(22, 3389, 5432),
  isIn: (cell) => isOpen(cell, [22, 3389, 5432]),
};

const unauthorized: Misconfiguration = {
  rule: 'ec2-security-group-open-ports-authorized',
  control: 'EC2.18',
  bring: opening(8081, 9999),
  isIn: (cell) => isOpen(cell, [22, 3389, 5432, 8081, 9999]),
};

const ofDefault: Misconfiguration = {
  rule: 'ec2-default-security-group-closed',
  control: 'EC2.2',
  bring(cell) {
    cell.rules.push(rule(1, 443, '10.0.0.0/8'), rule(2, 80, '10.0.0.0/8', { stage: 'test' }), rule(3, 443, open, {}, true));
  },
  isIn: ({ rules }) => rules.length > 0,
};

const others = [
  (cell: Cell, number: number): void => {
    cell.rules.push(rule(number, 443, `10.${number % 256}.${(number >> 8) % 256}.0/24`));
  },
  tag,
];

const common = {
  type: 'AwsEc2SecurityGroup',
  view: ({ rules, tags }: Cell) => ({ rules: sorted(rules.map(({ id: _, ...others }: { id: string }) => others)), tags }),
};

const make =
  (name: string, prefix: string): Sort['make'] =>
  ({ account, region }: Place, number: number) => {
    const arn = `arn:aws:ec2:${region}:${account}:security-group/sg-${prefix}${number.toString(16).padStart(8, '0')}`;
    return { arn, cell: { account, region, arn, name, rules: [], tags: {} } };
  };

/** Two rules revoke rules of it, with a call for each set of tags. */
export const securityGroup: Sort = { ...common, make: make('web', '1'), misconfigurations: [admin, unauthorized], others };

/** Its rule changes both directions. Whoever adds a rule to it misconfigures it again, so others only tag it. */
export const defaultSecurityGroup: Sort = { ...common, make: make('default', '0'), misconfigurations: [ofDefault], others: [tag] };

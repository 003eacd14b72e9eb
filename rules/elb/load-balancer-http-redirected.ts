import { EC2Client } from '@aws-sdk/client-ec2';
import {
  type Action,
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
  type Listener,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import { keptTags, withoutExempt } from '../exempt-parts';
import { sameJson } from '../json';
import { collect } from '../pages';
import { defineRule, type Json, notFound, type Obstacle, type Tags } from '../rule';
import { type Admission, admissionReading, missingAt, readAdmissions } from './load-balancer/admission';
import { describeLoadBalancer, listLoadBalancers, loadBalancerReading } from './load-balancer/describe';
import { loadBalancer, readTags } from './load-balancer/resource';

const parameters = z.strictObject({
  statusCode: z
    .enum(['HTTP_302', 'HTTP_301'])
    .default('HTTP_302')
    .describe('The redirect status code: temporary (HTTP_302) or permanent (HTTP_301), which browsers cache even after a rollback.'),
});

/** `actions`: the default actions. `tags`: if it does not redirect. */
type SeenListener = { readonly arn: string; readonly port: number; readonly actions: readonly Json[]; readonly tags?: Tags };

/** The listeners of an Application Load Balancer, sorted by ARN. */
type State = {
  readonly http: readonly SeenListener[];
  readonly https: readonly SeenListener[];
  /** The sources that its security groups allow, if a redirect is possible and missing. */
  readonly admitted?: readonly Admission[];
};

export default defineRule({
  id: 'elb-load-balancer-http-redirected',
  title: 'Application Load Balancers redirect HTTP to HTTPS',
  why: 'Over HTTP, all data that clients send, including passwords and cookies, can be read and modified in transit.',
  impact:
    'Clients are redirected to HTTPS. Those that do not follow redirects fail, and browsers do not resend submitted forms. If CloudFront, or another proxy, connects to the load balancer over HTTP, its HTTPS clients end up in a redirect loop. Listener rules before the default action do not change.',
  severity: 'medium',
  risk: 'disruptive',
  resource: loadBalancer,
  property: 'DefaultActions',
  detectedBy: { securityHub: ['ELB.1'], config: ['alb-http-to-https-redirection-check'] },
  permissions: {
    inspect: [loadBalancerReading, { actions: ['elasticloadbalancing:DescribeListeners'], on: '*' }, admissionReading],
    change: {
      actions: ['elasticloadbalancing:ModifyListener'],
      // IAM requires all three types.
      on: ['app', 'gwy', 'net'].map((sort) => `arn:{partition}:elasticloadbalancing:{region}:{account}:listener/${sort}/*/*/*`),
    },
  },
  clients: [ElasticLoadBalancingV2Client, EC2Client],
  commands: [ModifyListenerCommand],
  parameters,

  async inspect({ arn }, aws): Promise<State | typeof notFound> {
    const found = await describeLoadBalancer(arn, aws);
    if (!found) return notFound;
    if (found.Type !== 'application') return { http: [], https: [] };
    const listeners = await collect(
      (Marker) => aws.send(new DescribeListenersCommand({ LoadBalancerArn: arn, Marker })),
      ({ Listeners }) => Listeners,
      ({ NextMarker }) => NextMarker,
    );
    const of = (protocol: Listener['Protocol']) =>
      listeners
        .filter(({ Protocol }) => Protocol === protocol)
        .map(seen)
        .sort((a, b) => (a.arn < b.arn ? -1 : 1));
    const listed = { http: of('HTTP'), https: of('HTTPS') };
    const tags = await readTags(
      misconfiguredIn(listed).map((listener) => listener.arn),
      aws,
    );
    const state = { ...listed, http: listed.http.map((listener) => ({ ...listener, ...keptTags(tags.get(listener.arn) ?? {}) })) };
    if (misconfiguredIn(state).length === 0 || state.https.length === 0) return state;
    const ports = [...state.http, ...state.https].map(({ port }) => port);
    return { ...state, admitted: await readAdmissions(found.SecurityGroups ?? [], ports, aws) };
  },

  plan(_, state, { parameters: { statusCode }, ...context }) {
    const misconfigurations = withoutExempt(misconfiguredIn(state), ({ arn }) => `the listener ${arn}`, context);
    if (misconfigurations.length === 0) return [];
    if (state.https.length === 0)
      return {
        unfixable:
          'The load balancer has no HTTPS listener to redirect to. Add one, with a certificate, for the same targets as the HTTP listener.',
        code: 'no-https-listener',
      };
    const ways = misconfigurations.map((listener) => ({ listener, way: wayFrom(listener, state, statusCode) }));
    const obstacle = ways.map(({ way }) => way).find((way) => 'unfixable' in way);
    if (obstacle) return obstacle as Obstacle;
    return ways.map(({ listener: { arn, actions }, way }) => ({
      do: modify(arn, [way as Action]),
      undo: modify(arn, actions as unknown as Action[]),
    }));
  },

  targets: (_, { now: { http } }) => ({ ModifyListener: { ListenerArn: http.map(({ arn }) => arn) } }),

  revertOwnPart(_, now, { before, after }) {
    const ours = after.http.filter(({ arn, actions }) => !sameJson(actionsOf(before, arn), actions));
    return ours
      .filter(({ arn, actions }) => sameJson(actionsOf(now, arn), actions))
      .map(({ arn }) => modify(arn, (actionsOf(before, arn) ?? []) as unknown as Action[]));
  },

  list: (_, aws) => listLoadBalancers('application', aws),
});

const seen = ({ ListenerArn = '', Port = 0, DefaultActions = [] }: Listener): SeenListener => ({
  arn: ListenerArn,
  port: Port,
  actions: JSON.parse(JSON.stringify(DefaultActions)) as Json[],
});

const modify = (ListenerArn: string, DefaultActions: readonly Action[]) =>
  new ModifyListenerCommand({ ListenerArn, DefaultActions: [...DefaultActions] });

const actionsOf = ({ http }: State, arn: string) => http.find((one) => one.arn === arn)?.actions;

/** The last default action determines the response. */
const answerOf = (actions: readonly Json[]): Action => (actions.at(-1) ?? {}) as unknown as Action;

const misconfiguredIn = ({ http }: State): readonly SeenListener[] => http.filter(({ actions }) => !redirects(actions));

const redirects = (actions: readonly Json[]): boolean => answerOf(actions).RedirectConfig?.Protocol === 'HTTPS';

/** The target groups of the requests, sorted; none if the load balancer responds itself. */
function targetsOf(actions: readonly Json[]): readonly string[] {
  const { TargetGroupArn, ForwardConfig } = answerOf(actions);
  const arns = [TargetGroupArn, ...(ForwardConfig?.TargetGroups ?? []).map((one) => one.TargetGroupArn)];
  return [...new Set(arns.flatMap((arn) => arn ?? []))].sort();
}

/** The redirect to the HTTPS listener with the same targets, on port 443 if there is one, else on the lowest; or why there is none. */
function wayFrom({ port, actions }: SeenListener, { https, admitted = [] }: State, StatusCode: 'HTTP_301' | 'HTTP_302'): Action | Obstacle {
  const { RedirectConfig } = answerOf(actions);
  const host = RedirectConfig?.Host;
  if (host !== undefined && host !== '#{host}')
    return {
      unfixable: `The listener on port ${port} redirects to ${host} over HTTP, and it is not known whether that host supports HTTPS. Change the redirect manually.`,
      code: 'redirects-to-other-host',
    };

  const targets = targetsOf(actions);
  const preferred = https.toSorted((a, b) => Number(b.port === 443) - Number(a.port === 443) || a.port - b.port);
  const same = preferred.find((one) => targets.length > 0 && sameJson(targetsOf(one.actions), targets));
  const standard = https.length === 1 || preferred[0]?.port === 443 ? preferred[0] : undefined;
  const to = same ?? (port === 80 || targets.length === 0 ? standard : undefined);
  if (!to)
    return {
      unfixable: `No HTTPS listener has the same targets as the HTTP listener on port ${port}. Add one, with a certificate, that forwards to the same target group.`,
      code: 'no-https-listener',
    };
  const missing = missingAt(to.port, port, admitted);
  if (missing.length > 0)
    return {
      unfixable: `The security groups allow ${missing.slice(0, 5).join(', ')} on port ${port}, but not on port ${to.port}. Allow both first.`,
      code: 'https-port-not-open',
    };
  const anew = { Host: '#{host}', Path: '/#{path}', Query: '#{query}', StatusCode };
  return {
    Type: 'redirect',
    RedirectConfig: { ...(RedirectConfig ?? anew), Protocol: 'HTTPS', Port: String(to.port) } as Action['RedirectConfig'],
  };
}

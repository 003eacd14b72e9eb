import * as z from 'zod';
import { maxEvidenceText } from '../../findings/requester';
import { accountId, freeText, record, reference, region, text, time } from '../shape';

/** GuardDuty has an empty text where CloudTrail has none, as in a sign-in to the console. */
const referenceOrNothing = z.preprocess((value) => (value === '' ? undefined : value), reference.max(maxEvidenceText).optional());

const details = <Fields extends z.ZodRawShape>(fields: Fields) => record(fields).optional();

/** https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Actor.html */
const actorShape = record({
  user: details({
    name: freeText(128),
    type: text,
    uid: referenceOrNothing,
    credentialUid: referenceOrNothing,
    account: details({ uid: accountId }),
  }),
});

/** https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Sequence.html */
const sequenceShape = record({
  actors: z.array(actorShape).max(400).optional(),
  resources: z
    .array(record({ uid: freeText(2048), resourceType: text, accountId: accountId.optional(), region: region.optional() }))
    .max(400)
    .optional(),
});

/**
 * The parts of a finding of GuardDuty that are read: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html, with names in
 * camel case as EventBridge sends it.
 */
export const findingShape = record({
  arn: reference,
  accountId,
  region,
  partition: text.optional(),
  type: reference,
  createdAt: time.optional(),
  updatedAt: time.optional(),
  resource: record({
    resourceType: text.optional(),
    accessKeyDetails: details({
      accessKeyId: referenceOrNothing,
      principalId: referenceOrNothing,
      userName: freeText(128).optional(),
      userType: text.optional(),
    }),
    instanceDetails: details({
      instanceId: reference.optional(),
      networkInterfaces: z
        .array(
          record({
            securityGroups: z
              .array(record({ groupId: reference }))
              .max(20)
              .optional(),
          }),
        )
        .max(50)
        .optional(),
    }),
    s3BucketDetails: z
      .array(record({ arn: reference }))
      .max(50)
      .optional(),
    lambdaDetails: details({ functionArn: reference.optional() }),
    rdsDbInstanceDetails: details({ dbInstanceArn: reference.optional() }),
  }),
  service: record({
    archived: z.boolean().optional(),
    resourceRole: z.enum(['ACTOR', 'TARGET']).optional(),
    eventFirstSeen: time.optional(),
    eventLastSeen: time.optional(),
    detection: record({ sequence: sequenceShape.optional() }).optional(),
    action: z.record(z.string(), z.unknown()).optional(),
    additionalInfo: record({ sample: z.boolean().optional(), value: z.unknown().optional() }).optional(),
  }),
});

export type GuardDutyFinding = z.infer<typeof findingShape>;

/**
 * The instances that it is about, and where it names them. A finding of Runtime Monitoring may be about a container: its instance runs others, too, and is not
 * what was compromised. Those of a sequence that are elsewhere get no finding here: an account and a Region have their own.
 */
export function instancesIn({ accountId: account, region: here, resource, service }: GuardDutyFinding): readonly string[] {
  const { resourceType, instanceDetails } = resource;
  const own = (resourceType ?? 'Instance') === 'Instance' ? instanceDetails?.instanceId : undefined;
  const members = (service.detection?.sequence?.resources ?? []).filter(
    (one) => one.resourceType === 'EC2_INSTANCE' && (one.accountId ?? account) === account && (one.region ?? here) === here,
  );
  return [...(own === undefined ? [] : [own]), ...members.map(({ uid }) => uid)];
}

/** Whether GuardDuty generated it on request, to show what findings look like. */
export function isSample({ service: { additionalInfo } }: Pick<GuardDutyFinding, 'service'>): boolean {
  if (additionalInfo?.sample === true) return true;
  // EventBridge has the fields of `additionalInfo` as a JSON text in `value`.
  return typeof additionalInfo?.value === 'string' && /"sample"\s*:\s*true/.test(additionalInfo.value);
}

const remoteShape = record({ remoteIpDetails: record({ ipAddressV4: z.ipv4().optional(), ipAddressV6: z.ipv6().optional() }) });

/** The address from which the resource was attacked, or which it attacked, if there is a single one. */
export function remoteAddressIn({ service: { action = {} } }: Pick<GuardDutyFinding, 'service'>): string | undefined {
  const found = Object.values(action).flatMap((kind) => {
    const remote = remoteShape.safeParse(kind).data?.remoteIpDetails;
    return remote?.ipAddressV4 ?? remote?.ipAddressV6 ?? [];
  });
  return found.length === 1 ? found[0] : undefined;
}

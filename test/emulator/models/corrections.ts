/** Where the models of the pinned botocore are older than the SDK, or other than what AWS takes and answers; by service, as they are written. */
export const corrections: Readonly<Record<string, { readonly operations?: object; readonly shapes: Readonly<Record<string, object>> }>> = {
  cloudfront: {
    // A string in the path, as in all that goes by REST; the SDK takes a number.
    shapes: { ListDistributionsRequest: { members: { MaxItems: { shape: 'integer' } } } },
  },
  cloudwatch: {
    shapes: {
      MetricAlarm: { members: { WarmUpConfiguration: { shape: 'WarmUpConfiguration' } } },
      PutMetricAlarmInput: { members: { WarmUpConfiguration: { shape: 'WarmUpConfiguration' } } },
      WarmUpConfiguration: {
        type: 'structure',
        required: ['WarmUpPeriodDurationInMinutes'],
        members: {
          WarmUpPeriodDurationInMinutes: { shape: 'WarmUpMinutes' },
          OnlyStartEvaluatingAfterWarmUpPeriodEnds: { shape: 'WarmUpWhole' },
        },
      },
      WarmUpMinutes: { type: 'integer' },
      WarmUpWhole: { type: 'boolean' },
    },
  },
  cloudwatchlogs: {
    shapes: {
      LogGroup: { members: { retentionPolicyName: { shape: 'RetentionPolicyName' } } },
      LogGroupClass: { enum: ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY', 'ESSENTIALS'] },
      RetentionPolicyName: { type: 'string' },
    },
  },
  ec2: {
    // AWS answers in small letters.
    shapes: {
      State: {
        enum: ['PendingAcceptance', 'Pending', 'Available', 'Deleting', 'Deleted', 'Rejected', 'Failed', 'Expired', 'Partial'].flatMap(
          (state) => [state, `${state.charAt(0).toLowerCase()}${state.slice(1)}`],
        ),
      },
    },
  },
  guardduty: {
    shapes: {
      DetectorFeatureConfigurationResult: { members: { ManagedBy: { shape: 'ManagedBy' } } },
      ManagedBy: { type: 'string', enum: ['GUARDDUTY_POLICY'] },
    },
  },
  lambda: {
    operations: { PutResourcePolicy: { input: { shape: 'PutResourcePolicyRequest' }, output: { shape: 'PutResourcePolicyResponse' } } },
    shapes: {
      PutResourcePolicyRequest: {
        type: 'structure',
        required: ['ResourceArn', 'Policy'],
        members: {
          ResourceArn: { shape: 'ResourcePolicyText' },
          Policy: { shape: 'ResourcePolicyText' },
          RevisionId: { shape: 'ResourcePolicyText' },
        },
      },
      PutResourcePolicyResponse: {
        type: 'structure',
        members: { Policy: { shape: 'ResourcePolicyText' }, RevisionId: { shape: 'ResourcePolicyText' } },
      },
      ResourcePolicyText: { type: 'string' },
    },
  },
};

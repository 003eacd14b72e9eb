/** The most AWS calls that a fix may take without a reason: reads, changes, and reads to see what came of them. */
export const mostCalls = 12;

/** The rules of which a fix takes more, and why, in a sentence. */
export const manyCalls: Readonly<Record<string, string>> = {
  'cloudwatch-account-activity-alarmed':
    'The trail, its log group, the filters, the alarms, the topic and its key are looked at before and after.',
  'ec2-vpc-flow-logs-enabled': 'It makes up to five things, and each is looked for before and after.',
  'ecs-task-definition-containers-logged':
    'It makes a log group and a revision. Which services run one ECS tells by no call: those of each cluster are looked through before and after.',
  'ecs-task-definition-environment-without-keys':
    'What the roles may read is asked of IAM, and the services of each cluster are looked through before and after.',
  'ecs-task-definition-not-privileged':
    'Its services are in two clusters: each is moved to the new revision, and all of each cluster are looked through before and after.',
  'lambda-function-policy-not-public': 'The function, its aliases and its versions have a policy each.',
  's3-bucket-tls-required': 'Where a policy is about everybody, whether S3 would refuse it takes three more calls, at each of three looks.',
  'redshift-cluster-port-not-open': 'Each security group of the cluster is read by itself, before and after.',
};

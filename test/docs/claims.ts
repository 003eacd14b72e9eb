/** The claims of a section, by their titles, each with the tests that try to break it: `<file>: <title>`. */
type Claims = Readonly<Record<string, readonly string[]>>;

const contract = (title: string) => `test/contract/describe-rule.ts: ${title}`;
const roles = (title: string) => `test/infra/roles.test.ts: ${title}`;
const stacks = (title: string) => `test/infra/stacks.test.ts: ${title}`;
const deployed = (title: string) => `test/infra/deploy.test.ts: ${title}`;
const suppression = (title: string) => `test/guardrails/suppression.test.ts: ${title}`;
const attacks = (title: string) => `test/guardrails/attacks.test.ts: ${title}`;
const open = (title: string) => `test/remediate/open.test.ts: ${title}`;
const permits = (title: string) => `test/coordination/permit.test.ts: ${title}`;
const archive = (title: string) => `test/infra/archive.test.ts: ${title}`;
const items = (title: string) => `test/infra/item-access.test.ts: ${title}`;
const hostile = (title: string) => `test/sources/hostile.test.ts: ${title}`;
const requests = (title: string) => `test/guardrails/requests.test.ts: ${title}`;
const requestBus = (title: string) => `test/attacks/request-bus.test.ts: ${title}`;
const tampered = (title: string) => `test/seal/tamper.test.ts: ${title}`;
const decisions = (title: string) => `test/decision/properties.test.ts: ${title}`;

const nothingByDefault = [
  'test/guardrails/modes.test.ts: is observe in a fresh deployment',
  'test/policy/read.test.ts: is that of a fresh deployment: it changes nothing',
  'test/decision/rows.ts: the default is fix and the rule disruptive',
  decisions('never fixes by itself what can not be undone'),
  roles('only reads, and sets no finding, until somebody lets it write'),
];
const liveResourceDecides = [
  contract('is not touched a second time'),
  contract('says so where there is no such resource'),
  contract('is left alone where the finding names another account or region'),
  'test/remediate/failure.test.ts: is left alone, and the log says why',
];
const twoLooks = [
  'test/remediate/second-look.test.ts: a statement that somebody adds to a policy is kept, by the fix and by its rollback',
  'test/remediate/second-look.test.ts: nothing is sent where the plan changes each time: it is deferred',
  'test/remediate/second-look.test.ts: a plan that changes loses its approval',
];
const rejectedFindings = [
  hostile('a contradiction is rejected'),
  hostile('a finding that anybody could have imported is rejected'),
  'test/sources/arbitrary.test.ts: however an event is spoilt, its findings are of its own account, region and partition',
];
const validatedMessages = [
  'test/sources/read-message.test.ts: is refused where the ARN has the place of another account or Region',
  'test/sources/read-message.test.ts: a message that is refused makes no AWS call, and counts as an invalid event',
];
const wordsOfPeople = [
  suppression('is a word also after an approval'),
  suppression('of the Config rule of the finding counts, whatever its name'),
  suppression('is looked for under each ARN that AWS writes, and on every page'),
  suppression('that can’t be read keeps the rule from changing anything'),
  'test/guardrails/exemptions.test.ts: is what a suppressed finding says whose event was delivered late',
  'test/guardrails/exemptions.test.ts: that could be in tags that can not be read is not approved away',
  'test/rules/exempt-parts.test.ts: leaves the part that its own tags exempt, and changes the rest',
];
const memberRole = [
  roles("is assumed by this rule's function of the hub alone"),
  roles('may do what the rule declares, see who changed what last, read and resolve findings, and have Config rules evaluate: no more'),
  roles('may set a finding to nothing but NOTIFIED and RESOLVED, change nothing of other accounts, and gain no permissions'),
];
const ownSchedules = [
  'test/judge/assume.ts: is assumed by Scheduler for nothing else, by no other service, and not by an administrator',
  'test/judge/invoke.ts: the schedules of a rule invoke its own function, and no other',
  'test/judge/legal.ts: and nothing of it as the target of a schedule, but to invoke its own function',
];
const functionRole = [
  roles('may read the policy, append to the log, coordinate, assume its member role, come again, and tell: no more'),
  items('can do nothing with the items of another rule in %s, even of one whose name begins alike'),
];
const ownTrails = [
  'test/log/attacks.test.ts: inserts into its own trails and reads them, through the log',
  'test/log/attacks.test.ts: writes only trails of the own command line',
  'test/guardrails/forged.test.ts: of a command line is nothing that a function rolls back',
];
const copied = (test: string) => `test/guardrails/policy-copy.test.ts: ${test}`;
const copiedPolicy = [
  copied('%s is not used, and made again'),
  copied('makes no check last longer: one in the future is not used'),
  copied('the copy is used for five minutes, then AppConfig is asked, and where that fails nothing is changed'),
];
const appendOnly = [
  'test/log/attacks.test.ts: rewrites nothing: an item that is there stays as it is, also in a transaction',
  'test/emulator/partiql.test.ts: of one among several that race for a key, writes one',
  stacks('refuses everyone every way to alter an item, to write for others, and to change the table'),
];
const ordersByControl = [
  'test/infra/orders-table.test.ts: lets %s do what it has to, and nothing else',
  items('can write no order at all'),
  'test/coordination/keys.test.ts: no rule can write an order',
];
const fixesMerge = [
  contract('takes back its own setting alone, whatever else is changed'),
  contract('is rolled back as far as others have not changed it'),
  'test/rules/s3/bucket-tls-required.test.ts: keeps every statement in its place, adds one under an id of its own, and is then content',
  'test/rules/public-statements.test.ts: never lets in more than before, keeps every denial and whoever is named, and has nothing to do a second time',
];
const staysOpen = [
  open('and then %s: the half state is recorded, comes back by itself, and is finished'),
  open('it comes back without an end, at intervals that grow up to a day and a half'),
  open('keeps the remediation open, claims nothing of what was not seen, and is finished later'),
  'test/remediate/crash.test.ts: was killed at every step there is',
  'test/guardrails/hourly.test.ts: are handled again, by the function of the rule in their key, with the message that they hold',
];
const rollbacksByLog = [
  contract('is as before after a rollback'),
  'test/rollback/rollback.test.ts: is refused where the resource has changed since, and changes nothing',
  'test/rollback/rollback.test.ts: is impossible from a log that was tampered with',
  'test/remediate/second-look.test.ts: a statement that somebody adds to a policy while a fix is interrupted is kept by its rollback',
];
const ownResource = [
  contract('acts on the resource alone: refuses each of its commands with another name in it'),
  'test/rollback/forged.test.ts: an undo that names another resource is not sent, with force: %s',
  'test/rollback/forged.test.ts: an undo that is no command of the rule is not sent',
];
const stops = [
  'test/guardrails/stop.test.ts: keeps everything from being changed, lets rollbacks go on, and tells in the log who, when and why',
  'test/coordination/may-change.test.ts: no, while all changes are stopped',
  'test/remediate/second-look.test.ts: %s that comes after the plan is logged keeps it from being carried out',
];
const limits = [
  'test/guardrails/burst.test.ts: change exactly 10, put 190 off, lose none, and are all in the log; an hour later 10 more',
  permits('grants exactly ten of fifty that ask at once, against a limit of ten'),
];
const forgedSigner = [
  deployed('is reached with a forged signer by none of our roles: not by a schedule, an automation, a rule, nor itself'),
  roles('can invoke of the control function only an alias that believes no event about who speaks'),
];

const answers = (title: string) => `test/guardrails/answers.test.ts: ${title}`;
const comments = (title: string) => `test/answers/comments.test.ts: ${title}`;
const received = (title: string) => `test/answers/receive.test.ts: ${title}`;
const signatures = (title: string) => `test/answers/signature.test.ts: ${title}`;
const answersInfra = (title: string) => `test/infra/answers.test.ts: ${title}`;
const forgedAnswers = [
  received('that %s is not handed on'),
  signatures('of %s is valid for its body and its secret alone'),
  comments('in a ticket with our label that is not ours approves nothing, and a comment says where the ticket is'),
  comments('that others wrote in the name of the person, by what the vendor says, does not count, and a comment says why'),
];

export const claims: Readonly<Record<string, Claims>> = {
  'README.md#Why it is safe': {
    'Nothing changes by default.': nothingByDefault,
    'The live resource decides, not the finding.': [...liveResourceDecides, ...twoLooks],
    'The detector decides what is resolved.': [
      'test/guardrails/detector.test.ts: the finding is NOTIFIED, and the detector is asked once, after twice its period',
      'test/guardrails/detector.test.ts: a detector that still says FAILED, having looked later, disputes it',
    ],
    'Findings are not trusted.': [...rejectedFindings, ...validatedMessages],
    'Your word counts.': wordsOfPeople,
    'Least privilege.': [...functionRole, ...memberRole, contract('calls nothing beyond the ARNs that it is granted on')],
    'Each function writes its own records.': [...ownTrails, ...appendOnly, ...ordersByControl],
    'The log proves itself.': [
      'test/seal/tamper.test.ts: is told by both verifiers, which name the event',
      'test/seal/tamper.test.ts: is told by both verifiers',
      'test/seal/tamper.test.ts: is only consistent without one of the two: completeness is not proven',
      'test/infra/archive.test.ts: lets nobody write anything else, replace anything, or come without TLS',
      'test/infra/archive.test.ts: is kept from all but the break-glass role for 30 days, and needs no warning',
    ],
    'Other settings are kept.': fixesMerge,
    'A half-done fix stays open.': staysOpen,
    'Fixes can be rolled back': [...rollbacksByLog, ...ownResource],
    'Everything can be stopped': [
      ...stops,
      ...limits,
      'test/guardrails/windows.test.ts: puts the fix off, and the finding comes back by itself when it opens',
      'test/guardrails/breaker.test.ts: opens by failures in a row, keeps the rule from changing anything, and is closed by a person',
    ],
  },
  'docs/security.md#Principles': {
    'Nothing changes by default.': nothingByDefault,
    'The live resource decides, not the finding.': liveResourceDecides,
    'The resource is inspected twice.': twoLooks,
    'In doubt, nothing changes.': [
      decisions('never fixes by itself where a fact that counts can not be read'),
      'test/guardrails/unreadable.test.ts: and was good before is not gone by any more',
      'test/guardrails/unreadable.test.ts: has nothing changed, and the finding comes back',
      'test/remediate/failure.test.ts: changes nothing where the tags that may exempt a resource cannot be read',
    ],
    "A person's word counts.": wordsOfPeople,
    'Fixes merge.': fixesMerge,
    'The log is written ahead.': [
      'test/remediate/failure.test.ts: changes nothing where the log cannot be written',
      'test/remediate/failure.test.ts: changes nothing where the state before does not fit in the log',
    ],
    'A half-done fix stays open.': staysOpen,
    'Secrets stay where they are.': [contract('keeps secrets in the resource out of its state and its plan')],
    'A command acts on its resource.': ownResource,
    'Rollbacks use the log.': [...rollbacksByLog, 'test/rollback/rollback.test.ts: can be forced then'],
    'An approval is for one plan.': [
      'test/remediate/second-look.test.ts: an approval does not pay for another plan whose hash somebody wrote into the log',
      attacks('that is replayed, stale, or expired changes nothing, and stands in the log'),
      'test/guardrails/approval.test.ts: is used once, however often its message is delivered',
      permits('is not that of another rule or remediation'),
    ],
    'Each fix has a permit.': [
      ...stops,
      ...limits,
      'test/coordination/may-change.test.ts: no, while the breaker of the rule is open %s',
      'test/guardrails/unreadable.test.ts: has nothing changed, and the finding comes back',
    ],
    'A stop is seen late.': stops,
  },
  'docs/security.md#Requests of other tools': {
    'The bus binds each name to its principals.': [requestBus('the bus for requests takes'), requestBus('the bus for requests refuses')],
    'It denies everything else, too': [requestBus('the bus for requests refuses'), requestBus('by keys that PutEvents has')],
    'There is no other path.': [
      'test/sources/custom/read.test.ts: on the default bus: no route of a rule or of the dispatcher matches it',
      'test/infra/requests.test.ts: EventBridge may invoke the function by that route alone',
      requests('is refused by the function of the rule, too, as anybody may have invoked it'),
      requests('is only observed when it comes back after the policy has forgotten the tool'),
    ],
    'A request asks, unless the policy lets the tool fix.': [
      requests('waits for an approval, which its own principals can not give, and is then fixed'),
      requests('is not fixed by an approval of who has become its principal since'),
      requests('is refused to who approves with a custom action, whom nobody can tell from the tool'),
    ],
    'What a tool says of itself permits nothing.': [
      requests('leaves the owner the grace period, however long ago the tool says that it saw it'),
    ],
  },
  'docs/security.md#Config rules': {
    'Only the source of a Config rule counts.': [
      'test/sources/config/identify.test.ts: and %s under a default name is none',
      'test/guardrails/config-identity.test.ts: that is %s changes nothing',
    ],
    'The function of the rule finds it out itself': [
      'test/guardrails/config-identity.test.ts: is not believed in a message that names the detector either',
      'test/dispatch/dispatch.test.ts: a change of the managed rule under the name %s gets to the function of its rule as it is',
    ],
    'An unknown source permits nothing.': [
      'test/guardrails/config-identity.test.ts: is delivered again while AWS Config can not be asked, and nothing is changed',
      'test/dispatch/dispatch.test.ts: while AWS refuses %s, the event fails, so that it is delivered again',
    ],
    'Names of Security Hub count only for Security Hub.': [
      'test/sources/config/identify.test.ts: or by its name, where Security Hub alone can have deployed it: it does not publish all identifiers',
    ],
    'The policy can map a name': ['test/guardrails/config-identity.test.ts: that the policy maps is not asked about'],
  },
  'docs/security.md#The copy of the policy': {
    'The control function alone copies it': [
      'test/coordination/keys.test.ts: items in %s of the family %s are touched by those whose they are, and by nobody else',
      'test/infra/control.test.ts: copies the policy every minute, and at once when AppConfig has deployed it, by an alias of its own',
      copied('is received once, as long as it does not change'),
      copied('takes effect when AppConfig announces the deployment'),
      copied('is the one before when AppConfig reverts a deployment'),
    ],
    'A copy is used only while it is confirmed.': copiedPolicy,
    "What AppConfig has in force counts, also if it can't be copied.": [
      copied('is used no more where what AppConfig has in force %s'),
      copied('that is too large for an item is asked of AppConfig, and said to be'),
    ],
    "A stricter policy isn't delayed for long.": [copied('a stricter policy is in effect after five minutes')],
    'The break-glass role could alter the copy': [copied('in all three, by whoever may write there, stands for six hours at most')],
  },
  'docs/security.md#Answers in tickets': {
    'The endpoint can only enqueue.': [
      answersInfra('has an endpoint that may read its one secret, insert what it received, and enqueue: no more'),
      answersInfra('is an HTTP API that limits the requests, and posts to two addresses alone'),
      signatures('of %s is valid by either of two secrets during a rotation, and by the old one no more after it'),
      signatures('of %s is of now: its time is signed, and five minutes old at most'),
      ...forgedAnswers,
    ],
    'A webhook is only a hint.': [
      comments('is asked for in the ticket, read back with its author, and handed on to the control function'),
      comments('that names a ticket where it was not written is not there'),
      'test/answers/buttons.test.ts: of somebody who %s does not count, and the thread says why',
      received('for another site is handed on, and ignored: the tracker of the policy is asked, and no other'),
    ],
    'Users are named by ids that no renaming changes': [
      comments('who took the name of an approver is another one'),
      comments('of ServiceNow is found by the name in the journal, and is nobody if two have it, or if it was given to another'),
    ],
    'The ticket is the one that we opened': [
      comments('in a ticket with our label that is not ours approves nothing, and a comment says where the ticket is'),
      comments('for a plan that waits no more, or for another one, does not count'),
      comments('from before the plan was shown does not count, although its plan has the same hash'),
      comments('that comes twice, at the same time or later, is handled once'),
    ],
    'The control function decides.': [
      answers('by %s approves nothing, and is in the log'),
      answers('of the person who requested the fix does not count, nor one of whom nobody knows whether it is that person'),
      answers('counts no more when the policy does not name the user any more, before the plan is carried out'),
    ],
    'Never a response to a threat': [
      answers('never approves a response to a threat, and no more does a role that a channel shares'),
      answers('accepts no %s'),
    ],
  },
  'docs/security.md#Trust boundaries': {
    'Finding of Security Hub': [...rejectedFindings, 'test/sources/security-hub/read.test.ts: is nobody unless it is set, and nobody else'],
    'Finding of GuardDuty, Inspector, Macie or IAM Access Analyzer in Security Hub': [
      'test/sources/services-in-hubs.test.ts: is none of a product that anybody can import',
      'test/sources/services-in-hubs.test.ts: is refused where the place of one part is another',
      'test/sources/services-in-hubs.test.ts: is of the type that GuardDuty gave it, whatever a person wrote',
      'test/sources/services-in-hubs.test.ts: is no threat of an instance that is the target, or whose role nobody says: %s',
      'test/sources/services-in-hubs.test.ts: is of no principal whose type nobody says, or of several',
    ],
    'Compliance change of AWS Config': [
      'test/guardrails/config-identity.test.ts: that is %s changes nothing',
      'test/sources/config/read.test.ts: an event of the administrator says nothing about other accounts',
      'test/sources/config/read.test.ts: an evaluation of another %s than the detail is rejected',
    ],
    "Message to a rule's function": [
      ...validatedMessages,
      attacks('that nobody gave changes nothing, and stands in the log'),
      attacks('that nobody has ordered is not made, and is told'),
    ],
    'Request of another tool': [
      requestBus('the bus for requests refuses'),
      requests('is refused with a record, and told: %s'),
      requests('is refused by the function of the rule, too, as anybody may have invoked it'),
      'test/sources/custom/read.test.ts: is refused where it contradicts itself or AWS',
    ],
    'Call that CloudTrail recorded': [
      'test/infra/watch.test.ts: takes, with the parameters %j, what rules of EventBridge in these accounts forward of CloudTrail, and nothing else',
      'test/sources/cloudtrail/read.test.ts: %s leads to no look',
      'test/sources/cloudtrail/read.test.ts: that %s is left',
    ],
    "Event of our sweep or watch to a rule's function": [
      'test/infra/watch.test.ts: hands on what no route matches',
      'test/infra/sweep.test.ts: is matched by no route: whoever puts it on a bus reaches no function',
      'test/sources/drift/read.test.ts: what only the holder of the permission to invoke the function can send is validated all the same',
      'test/sources/drift/read.test.ts: never throws, and never yields a finding of another place than the event names',
    ],
    'Request of an operator': [
      'test/guardrails/orders.test.ts: are let in only where they are signed, and as they were signed',
      'test/guardrails/rollback.test.ts: is for approvers, and for what changed something',
      attacks('a body that claims another identity'),
    ],
    'Answer in a ticket or in Slack': [...forgedAnswers, answers('by %s approves nothing, and is in the log')],
    'Event to the control function': [
      'test/control/channel.test.ts: is none where Lambda was invoked by no alias: %s',
      'test/guardrails/hourly.test.ts: are not taken from any other event',
      copied('nothing else has the policy copied'),
      ...forgedSigner,
    ],
    'Copy of the policy': copiedPolicy,
    'SSM automation': ['test/guardrails/automation.test.ts: is not believed of the event: who runs it is asked of Systems Manager'],
    'Custom action': [
      'test/guardrails/custom-action.test.ts: is for findings of Security Hub itself: who may import findings gives one the id of another in vain',
      'test/guardrails/custom-action.test.ts: does not approve under four eyes what a custom action has asked for: both may be one person',
    ],
    'Record of the log': [
      'test/log/forged.test.ts: are not read by the function whose trail they are in, and are reported',
      'test/guardrails/forged.test.ts: is no approval in the trail of a rule',
      'test/guardrails/forged.test.ts: that is appended without continuing the chain, breaks it',
      'test/rollback/rollback.test.ts: is impossible from a log that was tampered with',
    ],
    'Record of CloudTrail': [
      'test/facts/last-change.test.ts: is skipped and counted, and the next one counts: %s',
      'test/facts/same-name.test.ts: is not that of a table with the name of the queue, which is recorded under the same name',
      'test/facts/same-name.test.ts: may be one whose event %s: a page decides nothing then, and the lookup by name counts it',
    ],
    'Names, tags and reasons': [
      'test/untrusted-text.test.ts: nothing that is quoted holds a control character, or is long',
      attacks('is one line without what could mislead who reads the log'),
      'test/notify/format.test.ts: lets nothing from outside break out of its line',
    ],
  },
  'docs/security.md#Roles': {
    'posture-function-<rule>': [
      ...functionRole,
      roles('has a role that Lambda assumes, and EventBridge Scheduler for its schedules, without managed policies'),
      ...ownSchedules,
      roles('can neither stop nor approve nor order, nor speak for another rule'),
    ],
    'posture-<rule>': memberRole,
    'posture-function-control': [
      'test/infra/control.test.ts: may put down what people say and read what they said of: it changes no resource, and assumes no role',
      'test/infra/control.test.ts: reads and writes items by their keys alone: a call that names no key is refused',
    ],
    'posture-function-tickets': [
      'test/infra/tickets.test.ts: may read its one secret and the policy, write its own records and trails, and read its queue: no more',
      'test/infra/tickets.test.ts: may read the log only if the policy shows the parameters of changes',
    ],
    'posture-function-answers-endpoint': [
      'test/infra/answers.test.ts: has an endpoint that may read its one secret, insert what it received, and enqueue: no more',
    ],
    'posture-function-answers': [
      'test/infra/answers.test.ts: has a function that may read the tracker and Slack, compare with the records, and ask control by one alias: no more',
      'test/infra/answers.test.ts: gives no other role the alias of the control function',
    ],
    'posture-function-notify': [
      'test/infra/notify.test.ts: may publish to topics of the hub, put down what it told, and come again: no more',
    ],
    'posture-function-dispatch': [
      'test/infra/readers.test.ts: may read the policy, ask what a Config rule is, and invoke the functions of rules: no more',
    ],
    'posture-function-reconcile': [
      'test/infra/readers.test.ts: may read the policy, open findings, and the log by finding, and invoke the functions of rules: no more',
    ],
    'posture-function-requests': [
      'test/infra/requests.test.ts: the function may read the policy, log refusals in its own trails, invoke the functions of rules and publish: no more',
    ],
    'posture-function-sweep': [
      'test/infra/sweep.test.ts: may read the policy and the log by finding, keep its own position, list accounts, and invoke the functions of rules: no more',
    ],
    'posture-function-archive': [
      archive('may read the stream and the log by rule, keep its number and position, and read and write batches: no more'),
    ],
    'posture-function-seal': [
      'test/infra/seal.test.ts: may read the archive, write seals and keys, sign with the key of the seals, publish the head, and record the newest: no more',
    ],
    'posture-function-report': [
      'test/infra/reports.test.ts: may read the log, write reports and nothing else, and publish to the topic of notifications',
    ],
    'posture-function-watch': [
      'test/infra/watch.test.ts: may read the policy, assume the role of the sweep, invoke the functions of rules and read its queue: no more',
    ],
    'posture-sweep': [
      'test/infra/sweep.test.ts: only reads: no action of it writes, tags or manages permissions, and none is only in a change',
      'test/infra/sweep.test.ts: may do all that the rules do to list and to inspect, on the same ARNs, and nothing else',
      'test/infra/sweep.test.ts: trusts the functions of the sweep and the watch alone',
      'test/infra/sweep.test.ts: exists only where somebody switched it on',
      'test/sweep/sweep.test.ts: can not change anything by itself',
    ],
    'posture-policy-validator': [roles('of the validator may write its own logs and traces, and nothing else')],
    'posture-automation': [
      'test/infra/control.test.ts: gets the automation %s by an alias of its own, by which nothing else can be ordered',
      deployed('is reached with a forged signer by none of our roles: not by a schedule, an automation, a rule, nor itself'),
    ],
    'posture-archive-replication': [archive('is copied to another account by a role of its own, if the parameter names a bucket')],
    'posture-auditor': [
      archive('only reads, but for starting and stopping queries, and the results of them'),
      archive('reads the log, the archive and the policies, and nothing else of the app'),
      archive('exists only if the parameter names who may assume it, and trusts these alone'),
    ],
    'Functions use their own credentials.': [
      deployed('are not assumed with credentials of the function that somebody uses elsewhere, or in another function'),
      'test/judge/assume.ts: credentials of a function role are worth nothing outside of the function',
    ],
    'Schedules invoke only their own function.': ownSchedules,
    'Schedules can also use what Lambda and Scheduler send by themselves.': [
      'test/judge/legal.ts: and as the target of a schedule otherwise only what Lambda and Scheduler themselves send with the role',
    ],
    'Functions reach only named accounts.': [
      deployed(
        'are assumed by the functions of the hub that the parameter names, each by that of its own rule, in the accounts that the hub names',
      ),
    ],
    'Member roles only read': [
      roles('only reads, and sets no finding, until somebody lets it write'),
      open('ends the fix as blocked, counts for no breaker, and is reported once an account a day'),
    ],
    'Member roles trust one role': memberRole,
    "Member roles can't escalate.": memberRole,
    'No role speaks for operators.': [...forgedSigner, answersInfra('gives no other role the alias of the control function')],
    'Only the control function writes requests.': ordersByControl,
    'Permissions for items name their keys': [
      items('can make no call on %s that names no key'),
      items('is judged with the key: without that condition, a call without a key would be allowed'),
    ],
    'The log is append-only.': [...appendOnly, ...ownTrails],
    'The archive is written once.': [
      archive('lets %s be written by %s alone'),
      archive('lets nobody write anything else, replace anything, or come without TLS'),
      archive('lets the break-glass role alone do %s'),
      archive('lets the administrators alone do %s'),
      'test/archive/archive.test.ts: after the batch is written lets the next writer take the next number: nothing is overwritten',
    ],
    'Few can change the tables.': [
      'test/log/attacks.test.ts: does not change the table, as whom CloudFormation deploys and who breaks the glass do',
      stacks('is written by the control function and the break-glass role alone, and changed by the administrators alone'),
    ],
  },
  'docs/audit.md#Writers': {
    '<rule>/<remediation>': ownTrails,
    'control/<rule>/<remediation>': ['test/log/forged.test.ts: is an event of the control function in its trail', ...ownTrails],
    'requests/<rule>/<remediation>': [
      'test/attacks/tables.test.ts: takes refusals of the function for requests in its own trails alone',
      'test/log/forged.test.ts: is nothing but a refusal in a trail of requests',
    ],
    'tickets/<rule>/<remediation>': [
      'test/infra/tickets.test.ts: may read its one secret and the policy, write its own records and trails, and read its queue: no more',
      'test/log/forged.test.ts: is nothing but a ticket in a trail of tickets',
    ],
    'local/<aws:userid>/<rule>/<remediation>': ownTrails,
    'Each writer has its own trails.': [...ownTrails, 'test/log/trail.test.ts: never belongs to two writers'],
    'Functions use their own trails.': [
      'test/guardrails/forged.test.ts: is no approval in the trail of a rule',
      'test/guardrails/forged.test.ts: of a command line is nothing that a function rolls back',
      'test/guardrails/forged.test.ts: and is newer is not what a custom action rolls back',
    ],
    'Forged records are not used.': [
      'test/guardrails/forged.test.ts: whose fields contradict its key is not used for an order, which says so, and counts',
      'test/log/forged.test.ts: are shown by queries as forged, under the rule and the remediation of their key',
      'test/log/forged.test.ts: that claim to be of another remediation are no part of its record',
    ],
  },
  'docs/audit.md#Verify the integrity': {
    '--key': [tampered('is proven with the key and a head from outside, whatever was refilled late, and whatever key signs now')],
    'Only one of them, or none': [tampered('is only consistent without one of the two: completeness is not proven')],
    'Altered events are detected': [
      tampered('is told by both verifiers, which name the event'),
      'test/log/log.test.ts: shows an altered event',
      'test/log/log.test.ts: shows an event that was replaced, with a hash of its own',
    ],
    'Removed events are detected': [
      tampered('is told by both verifiers, which name the event'),
      'test/log/log.test.ts: shows a missing event',
    ],
    'Added and reordered events are detected.': [tampered('is told by both verifiers, which name the event')],
    'Replaced seals are detected': [tampered('is told by both verifiers')],
    'The table is compared with the archive.': [
      'test/cli/log-verify.test.ts: names what was changed in the table, removed from it, or added to it',
    ],
    'Late events are no tampering.': [
      tampered('is proven with the key and a head from outside, whatever was refilled late, and whatever key signs now'),
    ],
  },
};

import type { Random } from './random';

/** What people and attackers call resources, against readers, browsers, terminals and spreadsheets. */
const hostile: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "';alert(String.fromCharCode(88))//",
  '</title></style></svg><svg onload=alert(1)>',
  '=HYPERLINK("http://evil.example","x")',
  '@SUM(1+1)*cmd|calc',
  'reversed-\u202egnp.exe',
  'zero\u200bwidth\u2060and\u0007bell',
  '&lt;b&gt;&amp;&quot;&#39;',
  '{{constructor.constructor("alert(1)")()}}',
  '日本語のバケット-🪣',
  'عربي-خلط-abc',
  `long-${'x'.repeat(400)}`,
  '-->]]><!--',
  'javascript:alert(1)',
];

/** The name of the resource with this number. */
export const resourceName = (random: Random, number: number, hostileShare: number): string =>
  random.chance(hostileShare) ? `${random.pick(hostile)}-${number}` : `${random.pick(words)}-${random.pick(words)}-${number}`;

const words = [
  'payments',
  'billing',
  'orders',
  'search',
  'media',
  'audit',
  'backup',
  'web',
  'mobile',
  'data',
  'ml',
  'edge',
  'legacy',
] as const;

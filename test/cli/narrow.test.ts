import type { ListedEvent } from '../../functions/cli/log/list-schema';
import { listText } from '../../functions/cli/log/log-text';
import { flowingText } from '../../functions/cli/print/help-text';

const width = 80;

describe('help on a narrow terminal', () => {
  const page = [
    'Usage: posture status [options]',
    '',
    'At most 90 requests read this, whatever the size of the log. The lists are cut where there is more: `posture approvals`, `posture open`,',
    'and `posture log` have the rest.',
    '',
    'Exit codes:',
    '  0   nothing needs attention',
    '  12  something needs attention: changes are stopped, a breaker is open, the review of a containment is due, a plan waits for an approval,',
    '      or a remediation is open for more than 15 minutes',
    '  1   error',
    '',
    'Examples:',
    '  posture plan --all --json | jq \'.forecasts[] | select(.status == "would-change") | .target.resource.arn\'',
  ].join('\n');

  it('flows, with the text of an item below its text, and leaves what is typed on its line', () => {
    const lines = flowingText(page, width).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([expect.stringContaining('  posture plan --all --json')]);
    expect(lines).toContain('  0   nothing needs attention');
    const at = lines.findIndex((line) => line.startsWith('  12  '));
    expect(lines.slice(at + 1, at + 3).every((line) => line.startsWith('      ') && line[6] !== ' ')).toBe(true);
    const words = (text: string) => text.split(/\s+/).filter(Boolean);
    expect(words(lines.join(' '))).toEqual(words(page));
  });

  it('stays as it is where there is room, and where the output is no terminal', () => {
    expect(flowingText(page, 200)).toBe(page);
    expect(flowingText(page, Number.POSITIVE_INFINITY)).toBe(page);
  });
});

it('the reason of an event flows on a narrow terminal, and ARNs stay whole', () => {
  const arn = `arn:aws:ec2:eu-west-1:111122223333:instance/${'i-0123456789abcdef0'.repeat(4)}`;
  const entry = {
    ...{ time: '2026-11-24T12:00:00.000Z', rule: 'ec2-instance-isolated', detectedBy: 'a', account: '111122223333', region: 'eu-west-1' },
    ...{ resource: arn, remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV', kind: 'observed', outcome: 'observed', changes: [] },
    reason: 'Requires approval, since nothing that the policy says names this rule or this risk, and a change is irreversible. '.repeat(3),
  } as unknown as ListedEvent;
  const lines = listText([entry], width).split('\n');
  expect(lines.filter((line) => line.length > width && !line.includes(arn))).toEqual([]);
  expect(lines.join('\n')).toContain(arn);
});

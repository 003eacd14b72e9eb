import { meanings } from '../../../seal/verify/finding';
import type { Question } from '../../../seal/verify/question';
import type { Verification } from '../../../seal/verify/verify';
import { colours, print, printable, printJson } from '../../print/printed';
import { secondsOf } from '../log-text';
import type { VerifyOptions } from './options';

const maxShown = 20;

/** Prints what was verified, and what was found. */
export function printVerification(question: Question, verification: Verification, { json }: Pick<VerifyOptions, 'json'>): void {
  const { findings, found, verdict } = verification;
  if (json) {
    printJson({ ...verification, findings: findings.map((finding) => ({ ...finding, meaning: meanings[finding.code] })) });
    return;
  }
  const { red, green, yellow, bold, dim } = colours();
  print(`${bold('Read')}  ${countsText(verification)}`);
  if (verdict === 'tampered') {
    print(`${red('tampered')}  The log is not as it was written. What was found first:`);
    for (const { code, text } of findings.slice(0, maxShown)) {
      print(`  ${bold(code)}  ${printable(text)}`);
      print(`    ${dim(meanings[code])}`);
    }
    if (found > maxShown) print(`  ... and ${found - maxShown} more: --json lists the first 1,000.`);
    return;
  }
  const { provenTo, newest } = verification;
  if (provenTo) {
    print(
      `${green('proven')}  ${scopeText(question)}othing was altered, removed, reordered or added up to seal ${provenTo.number} of ${secondsOf(provenTo.time)}.`,
    );
    if (newest && newest.number > provenTo.number)
      print(
        `  The ${newest.number - provenTo.number} seals after it are consistent; use the head of a newer one to prove that they are complete.`,
      );
    return;
  }
  print(`${yellow('consistent; completeness not proven')}  ${scopeText(question)}othing contradicts the seals.`);
  for (const line of missingProof(question)) print(`  ${line}`);
  if (newest)
    print(
      `  ${dim(`The newest seal is ${newest.number} of ${secondsOf(newest.time)}, with the hash ${newest.hash} and the key ${newest.key}.`)}`,
    );
}

/** How the sentence begins. Of a part, only its batches were read: it must not say more. */
function scopeText({ of }: Question): string {
  if (of === 'all') return 'N';
  if ('since' in of) return `In what was logged from ${secondsOf(of.since)} to ${secondsOf(of.until)}, n`;
  return `In the remediation ${of.remediation}, n`;
}

function countsText({ counts, comparedWithTable }: Verification): string {
  const { seals, batches, unsealed, events, trails, refilled, others, waiting } = counts;
  return [
    `${events} events in ${trails} trails, ${batches} batches and ${seals} seals`,
    comparedWithTable ? 'compared with the table' : 'not compared with the table',
    ...(unsealed > 0 ? [`${unsealed} batches wait for the next seal`] : []),
    ...(refilled > 0 ? [`${refilled} events were archived late`] : []),
    ...(others > 0 ? [`${others} records are no events`] : []),
    ...(waiting > 0 ? [`${waiting} events are not archived yet`] : []),
  ].join('; ');
}

const missingProof = ({ key, head }: Question): readonly string[] => [
  ...(key === undefined ? ['Without --key, the whole log may have been signed anew by another key.'] : []),
  ...(head === undefined ? ['Without --head, the newest events and seals may have been removed together.'] : []),
];

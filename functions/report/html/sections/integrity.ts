import type { Integrity } from '../../collect';
import { foreign, html, type Markup } from '../markup';
import { evidence } from '../table';
import { counted } from '../texts';

/** What the reading of the log proves, and what it doesn't. */
export function integritySection({ remediations, trails, events, broken, forged, seal }: Integrity): Markup {
  const errors = `${counted(broken.length, 'error', 'errors')} in hash chains, ${counted(forged.length, 'forged record', 'forged records')}. The numbers of this report leave out the remediations whose chain is broken, and the forged records.`;
  const said =
    broken.length + forged.length === 0
      ? html`<div class="note-box good"><p><strong>All hash chains that were read are intact.</strong> No record is forged.</p></div>`
      : html`<div class="note-box bad"><p><strong>The log has been tampered with.</strong> ${errors}</p></div>`;
  const read = `This report is made from ${counted(events, 'event', 'events')} in ${counted(trails, 'trail', 'trails')} of ${counted(remediations, 'remediation', 'remediations')}. Each trail is a chain: every event contains the SHA-256 hash of the one before. All were verified when the report was made. An event that was altered, or removed between two others, shows.`;
  const sealed =
    seal ??
    'A chain alone does not prove that nothing is missing at its end, or that no whole trail is missing. This report was made without the seals of the archive.';
  return html`<section aria-labelledby="integrity"><h2 id="integrity">Integrity</h2>${said}<p>${read}</p><p>${sealed}</p>${evidence(
    'Broken chains',
    ['Remediation', 'Error'],
    broken.map(({ remediation, why }) => [html`<code>${remediation}</code>`, foreign(why)]),
  )}${evidence(
    'Forged records',
    ['Trail', { number: 'Sequence' }, 'Why'],
    forged.map(({ trail, sequence, why }) => [foreign(trail), String(sequence), foreign(why)]),
  )}</section>`;
}

import type { DetectorFact, Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether the parameters of the detector may decide: they may cut more than the rule by itself, and be anybody's. */
export const detector = ({ policy: { detectorParameters }, detector: facts = [] }: Facts): readonly ClauseResult[] =>
  facts.map(({ about, text }) => {
    const follows = about === 'cuts' && detectorParameters === 'follow';
    const followed = follows ? ', which the policy follows' : '';
    return { clause: 'detector', answer: follows ? 'fix' : 'ask', reason: `${text}${followed}; ${why[about]}` };
  });

const why: Readonly<Record<DetectorFact['about'], string>> = {
  cuts: 'that takes more away than the rule does by itself',
  anybody: 'anybody in the account can have set these parameters of the Config rule',
};

import type { Case } from '../policy/scope';
import type { OutcomeEvent } from './outcome-schema';

/** The case of an outcome, for the scopes of the policy. What the event does not say was not read. */
export const caseOf = ({ rule: { response, ...named }, detectedBy, account, region, resource, tags, ous }: OutcomeEvent): Case => ({
  rule: { ...named, ...(response && { response }) },
  detectedBy,
  account,
  region,
  resource: resource.arn,
  tags: tags ? { known: tags } : { unknown: 'not read' },
  ous: ous ? { known: ous } : { unknown: 'not read' },
});

import { type Clock, systemClock } from '../clock';
import { PolicyError } from './fault';
import type { KnownRule } from './name-faults';
import { readPolicy } from './read';

/** What AppConfig sends to a validator. https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-profile-validators.html */
interface ValidatorEvent {
  /** Base64. */
  readonly content: string;
  readonly uri?: string;
}

/** The handler of AppConfig's validator: it throws with all faults of a policy that does not fit these rules, and AppConfig then does not deploy it. */
export function validatorFor(rules: readonly KnownRule[], clock: Clock = systemClock): (event: ValidatorEvent) => Promise<void> {
  return async ({ content }) => {
    if (typeof content !== 'string' || content === '')
      throw new PolicyError([{ path: '', message: 'there is nothing in it. `posture policy publish` deploys a policy file.' }]);
    const text = Buffer.from(content, 'base64').toString('utf8');
    try {
      // The functions read JSON alone.
      JSON.parse(text);
    } catch (cause) {
      throw new PolicyError([{ path: '', message: 'it is no JSON. `posture policy publish` makes it of the policy file.' }], { cause });
    }
    readPolicy(text, rules, clock.now());
  };
}

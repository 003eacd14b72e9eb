import { type Clock, systemClock } from '../clock';
import type { KnownRule } from './name-problems';
import { PolicyError } from './problem';
import { readPolicy } from './read';

/** The event that AppConfig sends to a validator. https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-profile-validators.html */
interface ValidatorEvent {
  /** Base64. */
  readonly content: string;
  readonly uri?: string;
}

/** The handler of the AppConfig validator: it throws with all errors of a policy that is invalid for these rules, and AppConfig then does not deploy it. */
export function validatorFor(rules: readonly KnownRule[], clock: Clock = systemClock): (event: ValidatorEvent) => Promise<void> {
  return async ({ content }) => {
    if (typeof content !== 'string' || content === '')
      throw new PolicyError([{ path: '', message: 'the content is empty. Deploy a policy file with `posture policy publish`.' }]);
    const text = Buffer.from(content, 'base64').toString('utf8');
    try {
      // The functions read only JSON.
      JSON.parse(text);
    } catch (cause) {
      throw new PolicyError(
        [{ path: '', message: 'the content is not valid JSON. `posture policy publish` converts the policy file to JSON.' }],
        { cause },
      );
    }
    readPolicy(text, rules, clock.now());
  };
}

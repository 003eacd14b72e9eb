import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

interface Session {
  readonly status: string;
  readonly discovery: string;
}

/** Macie of an account and region; moto has less of it, and says otherwise than AWS that it is not enabled. */
export const emulateMacie = () => {
  const sessions = new Map<string, Session>();
  const keyOf = ({ account, region }: Place) => `${account} ${region}`;
  const enabled =
    (answer: (session: Session, operation: Operation, place: Place) => object) =>
    (operation: Operation, place: Place): Answer => {
      const session = sessions.get(keyOf(place));
      if (!session) return errorAnswer(operation, { status: 403, code: 'AccessDeniedException', message: 'Macie is not enabled.' });
      return jsonAnswer(answer(session, operation, place));
    };
  const put = (place: Place, session: Session): object => {
    sessions.set(keyOf(place), session);
    return {};
  };
  const operations: LocalOperations = {
    'macie2:EnableMacie': ({ input }, place) =>
      jsonAnswer(put(place, { status: String(input.status ?? 'ENABLED'), discovery: 'DISABLED' })),
    'macie2:DisableMacie': enabled((_session, _operation, place) => {
      sessions.delete(keyOf(place));
      return {};
    }),
    'macie2:GetMacieSession': enabled(({ status }) => ({ status, findingPublishingFrequency: 'FIFTEEN_MINUTES' })),
    'macie2:UpdateMacieSession': enabled((session, { input }, place) => put(place, { ...session, status: String(input.status) })),
    'macie2:GetAdministratorAccount': enabled(() => ({})),
    'macie2:GetAutomatedDiscoveryConfiguration': enabled(({ discovery }) => ({ status: discovery })),
    'macie2:UpdateAutomatedDiscoveryConfiguration': enabled((session, { input }, place) =>
      put(place, { ...session, discovery: String(input.status) }),
    ),
  };
  return { operations };
};

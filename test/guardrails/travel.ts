import type { Clock } from '../../functions/clock';

/** A clock that stands still until it is told to move; a sleep moves it. */
export interface Travel extends Clock {
  pass(seconds: number): void;
  goTo(time: Date | string): void;
}

export function travelFrom(start: string): Travel {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    async sleep(milliseconds) {
      time += milliseconds;
    },
    pass(seconds) {
      time += seconds * 1000;
    },
    goTo(when) {
      time = new Date(when).getTime();
    },
  };
}

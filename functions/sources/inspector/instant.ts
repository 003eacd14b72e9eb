const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Wed Sep 04 16:59:44.356 UTC 2024` */
const forPeople = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?) UTC (\d{4})$/;
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

/**
 * A time of Inspector, in ISO 8601. The time at which the event was sent, if it is absent, later than that, or in another form, such as the older
 * `Dec 3, 2021, 6:02:30 PM`, which names no time zone.
 */
export function instantOf(said: string | undefined, sentAt: string): string {
  const at = new Date(isoOf(said ?? '') ?? Number.NaN);
  return Number.isNaN(at.getTime()) || at > new Date(sentAt) ? sentAt : at.toISOString();
}

function isoOf(said: string): string | undefined {
  if (iso.test(said)) return said;
  const [, month = '', day, clock, year] = forPeople.exec(said) ?? [];
  const number = months.indexOf(month) + 1;
  return number === 0 ? undefined : `${year}-${String(number).padStart(2, '0')}-${day}T${clock}Z`;
}

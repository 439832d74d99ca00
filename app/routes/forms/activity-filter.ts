import { isId } from '#app/platform/ids';
import {
  ACTIVITY_ACTORS,
  ACTIVITY_GROUPS,
  type ActivityFilter,
  type ActivityGroup,
} from '#app/queries/audit/list-activity';
import { fromLocalInput } from '#app/ui/words/dates';

const GROUPS = Object.keys(ACTIVITY_GROUPS) as ActivityGroup[];
const DAY_MS = 24 * 3_600_000;

/** The filter of the activity page's address. Days are the merchant's, the last one included. */
export function readActivityFilter(address: URLSearchParams, zone: string): ActivityFilter {
  const idOf = (name: string) => {
    const value = address.get(name);
    return value !== null && isId(value) ? value : null;
  };
  const dayOf = (name: string) => fromLocalInput(`${address.get(name) ?? ''}T00:00`, zone);
  const last = dayOf('to');
  return {
    group: GROUPS.find((group) => group === address.get('group')) ?? null,
    actor: ACTIVITY_ACTORS.find((actor) => actor === address.get('actor')) ?? null,
    channelId: idOf('channel'),
    subjectId: idOf('subject'),
    from: dayOf('from'),
    until: last === null ? null : new Date(last.getTime() + DAY_MS),
    search: address.get('q'),
  };
}

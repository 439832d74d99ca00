/** What operations are given where nothing outside is to be talked to. */
import type { OperationContext } from '../../app/operations/context';
import { systemClock } from '../../app/platform/clock';
import type { Database } from '../../app/platform/database';
import { silentLog } from '../../app/platform/log';

const notHere = () => {
  throw new Error('Nothing outside is to be talked to here.');
};

export function lonelyContext(
  db: Database,
  channelFor: OperationContext['channelFor'] = notHere,
): OperationContext {
  return {
    db,
    clock: systemClock,
    log: silentLog,
    afterCommit: () => undefined,
    channelFor,
    stores: {
      checkUrl: notHere,
      callbackUrl: notHere,
      look: notHere,
      grantUrl: notHere,
      readGrant: notHere,
    },
    secrets: { seal: notHere, open: notHere },
  };
}

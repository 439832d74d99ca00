/**
 * Shopify's sessions in our database, tokens sealed. A leaked table, backup or replica gives
 * nobody access to a shop.
 */
import { Session } from '@shopify/shopify-api';
import type { Prisma as PrismaNamespace } from '../../generated/prisma/client';
import type { Prisma } from '../platform/prisma';
import type { SecretBox } from '../platform/secrets';

/** A shop has one offline session, and one per staff member where online tokens are used. */
const SESSIONS_PER_SHOP_MAX = 100;

/** What Shopify's library asks of a session store. */
export type SessionStorage = {
  storeSession(session: Session): Promise<boolean>;
  /** Throws SecretUnreadable when the tokens were sealed with a key that is no longer listed. */
  loadSession(id: string): Promise<Session | undefined>;
  deleteSession(id: string): Promise<boolean>;
  deleteSessions(ids: string[]): Promise<boolean>;
  findSessionsByShop(shop: string): Promise<Session[]>;
};

/** A session read under its lock; `store` writes in the same transaction. */
export type LockedSession = {
  readonly session: Session | undefined;
  readonly store: (session: Session) => Promise<void>;
};

export type SessionStore = SessionStorage & {
  /**
   * Runs the work for one session at a time, over all processes: tokens rotate, and only one of
   * many callers may refresh. The work must end within `timeoutMs`; it holds a connection.
   */
  withLock<T>(
    id: string,
    timeoutMs: number,
    work: (locked: LockedSession) => Promise<T>,
  ): Promise<T>;
};

/** The client, or a transaction of it: all that is needed is the table. */
type SessionTable = Pick<Prisma, 'session'>;
type Row = PrismaNamespace.SessionGetPayload<object>;
type StaffInfo = NonNullable<Session['onlineAccessInfo']>;
type TokenName = 'accessToken' | 'refreshToken';

export function createSessionStore(prisma: Prisma, secrets: SecretBox): SessionStore {
  return {
    ...createSessionStorage(prisma, secrets),
    withLock: (id, timeoutMs, work) =>
      prisma.$transaction(
        async (tx) => {
          const lock = `session:${id}`;
          await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))`;
          const storage = createSessionStorage(tx, secrets);
          return work({
            session: await storage.loadSession(id),
            store: async (session) => {
              await storage.storeSession(session);
            },
          });
        },
        { maxWait: timeoutMs, timeout: timeoutMs },
      ),
  };
}

function createSessionStorage(table: SessionTable, secrets: SecretBox): SessionStorage {
  return {
    async storeSession(session) {
      const row = toRow(session, secrets);
      await table.session.upsert({ where: { id: session.id }, create: row, update: row });
      return true;
    },
    async loadSession(id) {
      const row = await table.session.findUnique({ where: { id } });
      return row === null ? undefined : toSession(row, secrets);
    },
    async deleteSession(id) {
      await table.session.deleteMany({ where: { id } });
      return true;
    },
    async deleteSessions(ids) {
      await table.session.deleteMany({ where: { id: { in: ids } } });
      return true;
    },
    async findSessionsByShop(shop) {
      const rows = await table.session.findMany({
        where: { shop },
        orderBy: { id: 'asc' },
        take: SESSIONS_PER_SHOP_MAX,
      });
      return rows.map((row) => toSession(row, secrets));
    },
  };
}

function toRow(session: Session, secrets: SecretBox): Omit<Row, 'data'> & { data?: StaffJson } {
  const { id, onlineAccessInfo } = session;
  const seal = (name: TokenName): string | null => {
    const token = session[name];
    return token === undefined ? null : secrets.sealSecret(token, contextOf(id, name));
  };
  return {
    id,
    shop: session.shop,
    state: session.state,
    isOnline: session.isOnline,
    scope: session.scope ?? null,
    expires: session.expires ?? null,
    accessToken: seal('accessToken'),
    refreshToken: seal('refreshToken'),
    refreshTokenExpires: session.refreshTokenExpires ?? null,
    userId: onlineAccessInfo === undefined ? null : String(onlineAccessInfo.associated_user.id),
    ...(onlineAccessInfo === undefined ? {} : { data: onlineAccessInfo as unknown as StaffJson }),
  };
}

type StaffJson = PrismaNamespace.InputJsonObject;

function toSession(row: Row, secrets: SecretBox): Session {
  const open = (name: TokenName): string | undefined => {
    const sealed = row[name];
    return sealed === null ? undefined : secrets.openSecret(sealed, contextOf(row.id, name));
  };
  const accessToken = open('accessToken');
  const refreshToken = open('refreshToken');
  return new Session({
    id: row.id,
    shop: row.shop,
    state: row.state,
    isOnline: row.isOnline,
    ...(row.scope === null ? {} : { scope: row.scope }),
    ...(row.expires === null ? {} : { expires: row.expires }),
    ...(accessToken === undefined ? {} : { accessToken }),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(row.refreshTokenExpires === null ? {} : { refreshTokenExpires: row.refreshTokenExpires }),
    ...(row.isOnline && row.data !== null
      ? { onlineAccessInfo: row.data as unknown as StaffInfo }
      : {}),
  });
}

/** Binds a sealed token to its row and column: moved elsewhere it does not open. */
function contextOf(id: string, name: TokenName): string {
  return `session:${id}:${name}`;
}

import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../generated/prisma/client';
import type { Database } from './database';

export type Prisma = PrismaClient;

/** The Prisma client on the database's own pool; closing the database is what ends it. */
export function createPrisma(database: Database): Prisma {
  return new PrismaClient({ adapter: new PrismaPg(database.pool) });
}

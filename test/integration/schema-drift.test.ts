/**
 * Goal: schema.prisma and the committed migrations describe the same database.
 * Method: all migrations on a scratch database, which Prisma's own engine compares with the schema.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sqlToSchema } from '../../prisma/schema-engine';
import { createTestDatabase } from '../support/test-database';

const { url } = await createTestDatabase();

test('the migrations and schema.prisma agree', async () => {
  expect(await sqlToSchema(url), 'run: npm run db:diff -- <name>').toBeNull();
});

test('a column that is only in the schema is noticed', async () => {
  const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8');
  const changed = schema.replace(/^model \w+ \{$/m, (line) => `${line}\n  plantedColumn String?`);
  expect(await sqlToSchema(url, changed)).toMatch(/ADD COLUMN\s+"plantedColumn" TEXT/);
});

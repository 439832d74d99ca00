import { defineConfig } from 'prisma/config';

// `prisma generate` never connects, but the configuration must name some address.
const UNUSED_ADDRESS = 'postgresql://localhost:5432/unused';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? UNUSED_ADDRESS },
});

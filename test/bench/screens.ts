/** How long the server takes for every list and page of a large merchant, beside a small one's. */
import { type Bench, inDatabase } from './parts';
import { percentile } from './measure';
import { type BenchRow, ms, times, under } from './report';
import { seedMerchants } from './screens-data';
import { type Screen, type Subjects, screensOf, subjectsOf } from './screens-pages';
import { type Installed, type ScreensWorld, startScreensWorld } from './screens-world';

const TARGET_MS = 60;
const REQUESTS = 20;
/** Until statements are planned and pages of the database are in memory, as in a running shop. */
const REQUESTS_BEFORE = 3;
const FULL = { orders: 1_000_000, items: 100_000, auditRecords: 1_000_000 };
const SHORT = { orders: 100_000, items: 20_000, auditRecords: 100_000 };
const SMALL = { orders: 100, items: 100, auditRecords: 100 };
/** First visits, where the server also draws the page. */
const DRAWN = ['/app', '/app/orders', '/app/inventory'];

/** Fills a database (minutes in full), then asks for every screen. */
export function runScreens(bench: Bench): Promise<void> {
  const size = bench.short ? SHORT : FULL;
  return inDatabase(bench, 'screens', async (url) => {
    const startedAt = performance.now();
    const world = await startScreensWorld(url, (merchants) => fill(url, merchants, size));
    console.log(`The merchants were made in ${ms(performance.now() - startedAt)}.`);
    try {
      const rows = await measureScreens(world);
      rows.forEach((row) => bench.report.rows.push(row));
    } finally {
      await world.close();
    }
  });
}

function fill(url: string, merchants: readonly Installed[], size: typeof FULL): Promise<void> {
  const sizes = [size, size, SMALL];
  return seedMerchants(
    url,
    merchants.map((merchant, index) => ({
      ...merchant,
      number: index + 1,
      ...(sizes[index] ?? SMALL),
    })),
  );
}

/** A row for every screen; `only` keeps those whose names contain it. */
export async function measureScreens(world: ScreensWorld, only = ''): Promise<BenchRow[]> {
  const [large, small] = await Promise.all([
    subjectsOf(world.db, world.large.merchantId),
    subjectsOf(world.db, world.small.merchantId),
  ]);
  const beside = pairs(large, small).filter(({ ours }) => ours.name.includes(only));
  const rows: BenchRow[] = [];
  for (const { ours, bound } of beside) {
    const data = (screen: Screen): string =>
      screen.streamed === true ? screen.path : asData(screen.path);
    const first = ours.streamed === true;
    rows.push(
      await measure(
        ours.name,
        () => world.large.time(data(ours), first),
        () => world.small.time(data(bound), first),
      ),
    );
  }
  for (const path of DRAWN.filter((address) => address.includes(only))) {
    rows.push(
      await measure(
        `First visit, drawn by the server: ${path}`,
        () => world.large.time(path),
        () => world.small.time(path),
      ),
    );
  }
  return rows;
}

function pairs(large: Subjects, small: Subjects) {
  const bounds = screensOf(small);
  return screensOf(large).map((ours, index) => ({ ours, bound: bounds[index] ?? ours }));
}

/** How Remix asks for what a page shows, of the frame and of the page itself. */
function asData(path: string): string {
  const [pathname = '', query] = path.split('?');
  return `${pathname}.data${query === undefined ? '' : `?${query}`}`;
}

async function measure(
  what: string,
  ours: () => Promise<number>,
  bound: () => Promise<number>,
): Promise<BenchRow> {
  const samples = { ours: [] as number[], bound: [] as number[] };
  for (let request = -REQUESTS_BEFORE; request < REQUESTS; request += 1) {
    const [mine, theirs] = [await ours(), await bound()];
    if (request < 0) continue;
    samples.ours.push(mine);
    samples.bound.push(theirs);
  }
  const shown = (values: readonly number[]) =>
    `p50 ${ms(percentile(values, 50))}, p95 ${ms(percentile(values, 95))}`;
  const p50 = percentile(samples.ours, 50);
  return {
    what,
    ours: shown(samples.ours),
    bound: shown(samples.bound),
    boundIs: 'the same of 100 orders, 100 items',
    ratio: times(p50 / percentile(samples.bound, 50)),
    target: under(p50, TARGET_MS, ' ms', 'p50'),
  };
}

/** "Nothing acknowledged is lost": the stores' own records of what they sent against the inbox. */
import { createHash } from 'node:crypto';
import type { Database } from '../../app/platform/database';
import type { DemoWorld } from '../demo/world';
import type { Delivery } from '../sandbox/core/webhook-sender';

const LOOK_EVERY_MS = 500;

export type Acknowledged = {
  /** Different messages that were answered with success at least once. */
  readonly acknowledged: number;
  readonly processed: number;
  readonly failed: number;
  /** Messages that were never answered with success. */
  readonly unanswered: number;
  /** A sentence for each acknowledged message that is nowhere, or still waits. */
  readonly problems: readonly string[];
};

export type DeliveryWitness = {
  /** Everything sent so far, against what the inbox holds now. */
  compare(db: Database): Promise<Acknowledged>;
  stop(): void;
};

/** Of what is sent from now on. The stores forget old deliveries; the witness keeps them. */
export function witnessDeliveries({ shopify, woo }: DemoWorld): DeliveryWitness {
  const seen: Delivery[] = [];
  let shopifyLast = shopify.deliveries().at(-1)?.sequence ?? 0;
  let wooLast = woo.deliveries().at(-1)?.sequence ?? 0;
  const look = () => {
    const fromShopify = shopify.deliveries({ after: shopifyLast });
    const fromWoo = woo.deliveries({ after: wooLast });
    shopifyLast = fromShopify.at(-1)?.sequence ?? shopifyLast;
    wooLast = fromWoo.at(-1)?.sequence ?? wooLast;
    seen.push(...fromShopify, ...fromWoo);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return {
    async compare(db) {
      look();
      return compare(db, seen);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

type InboxRow = {
  readonly dedupeKey: string;
  readonly topic: string;
  readonly content: string;
  readonly state: string;
};

async function compare(db: Database, deliveries: readonly Delivery[]): Promise<Acknowledged> {
  const { rows } = await db.query<InboxRow>(
    `SELECT dedupe_key AS "dedupeKey", topic, md5(body) AS content, state FROM inbox_event`,
  );
  const states = new Map<string, string>();
  for (const { dedupeKey, topic, content, state } of rows) {
    states.set(dedupeKey, state);
    states.set(`${topic} ${content}`, state);
  }
  const answers = new Map<string, boolean>();
  for (const delivery of deliveries) {
    const name = nameOf(delivery);
    if (name === null || delivery.state === 'dropped') continue;
    const answered = delivery.attempts.some(({ status }) => status !== null && status < 300);
    answers.set(name, answered || answers.get(name) === true);
  }
  const acknowledged = [...answers].filter(([, answered]) => answered).map(([name]) => name);
  const inState = (...wanted: string[]) =>
    acknowledged.filter((name) => wanted.includes(states.get(name) ?? 'nowhere'));
  return {
    acknowledged: acknowledged.length,
    processed: inState('processed', 'ignored').length,
    failed: inState('failed').length,
    unanswered: answers.size - acknowledged.length,
    problems: [
      ...inState('nowhere').map((name) => `an acknowledged message is lost: ${name}`),
      ...inState('received').map((name) => `an acknowledged message still waits: ${name}`),
    ],
  };
}

/**
 * Shopify numbers its messages. WooCommerce's carry no number that is theirs alone: topic and
 * content name them. Null: a ping, which says nothing.
 */
function nameOf({ headers, topic, body }: Delivery): string | null {
  const shopifyId = headers['x-shopify-webhook-id'];
  if (shopifyId !== undefined) return `${topic}:${shopifyId}`;
  if (headers['x-wc-webhook-topic'] === undefined) return null;
  return `${topic} ${createHash('md5').update(body).digest('hex')}`;
}

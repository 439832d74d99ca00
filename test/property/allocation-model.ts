/**
 * What orders do to stock, said as simply as can be, after docs/architecture.md (routing) and
 * decision 029 (kits). Items and places are numbered.
 */

/** Units of a line at a place: promised, and those that left. */
export type Promised = { readonly at: number; quantity: number; shipped: number };

export type Line = {
  readonly name: string;
  /** Null: a kit's own line, whose parts carry the stock. */
  readonly item: number | null;
  readonly kit: { readonly name: string; readonly units: number } | null;
  quantity: number;
  shipped: number;
  allocated: number;
  short: number;
  /** Units that refunds brought back. */
  returned: number;
  /** Oldest first. */
  readonly promises: Promised[];
};

export type Order = {
  readonly ref: string;
  readonly channel: 'shop' | 'outlet';
  /** Older ones come first. */
  readonly placed: number;
  version: number;
  stage: string;
  cancel: 'pending' | 'confirmed' | null;
  status: string;
  held: boolean;
  readonly lines: readonly Line[];
  readonly refunds: Set<string>;
};

export type Place = {
  readonly name: string;
  readonly priority: number;
  active: boolean;
  /** Channels it ships for. */
  readonly feeds: Set<string>;
};

export type Stock = {
  readonly places: readonly Place[];
  /** By place, then by item. */
  readonly available: number[][];
  readonly orders: Map<string, Order>;
  /** Units with customers, by item. */
  readonly gone: number[];
};

export type Need = {
  readonly line: Line;
  readonly item: number;
  quantity: number;
};
export type Assigned = { readonly line: Line; readonly item: number; at: number; quantity: number };

/** What an order wants of its stock now. */
export function demandOf({ stage, cancel }: Order): 'ship' | 'hold' | 'cancel' {
  if (cancel !== null || stage === 'cancelled') return 'cancel';
  return stage === 'awaiting_payment' ? 'hold' : 'ship';
}

export function promisedOf({ promises }: Line): number {
  return promises.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Places that ship for a channel now. */
export function shippingPlaces({ places }: Stock, channel: string): number[] {
  return places.flatMap((place, at) => (place.active && place.feeds.has(channel) ? [at] : []));
}

/**
 * Chooses places by trying every set of them: most units, fewest places, fewest kits apart, best
 * priorities, first by name. `held` is what a place has of an item for this order.
 */
export function route(
  needs: readonly Need[],
  candidates: readonly number[],
  places: readonly Place[],
  held: (at: number, item: number) => number,
): { readonly assigned: Assigned[]; readonly short: number } {
  const items = [...new Set(needs.map(({ item }) => item))];
  const wanted = (item: number): number =>
    needs.reduce((sum, need) => sum + (need.item === item ? need.quantity : 0), 0);
  const rank = (at: number): [number, string] => [
    places[at]?.priority ?? 0,
    places[at]?.name ?? '',
  ];
  const ranked = candidates
    .filter((at) => items.some((item) => held(at, item) > 0))
    .sort((a, b) => compare(rank(a), rank(b)));
  let best: { readonly score: readonly (number | string)[]; readonly drawn: Drawn } | null = null;
  for (let set = 1; set < 1 << ranked.length; set += 1) {
    const members = ranked.filter((_, index) => (set & (1 << index)) !== 0);
    const units = items.reduce((sum, item) => {
      const there = members.reduce((all, at) => all + held(at, item), 0);
      return sum + Math.min(wanted(item), there);
    }, 0);
    const drawn = draw(needs, members, held);
    const score = [
      -units,
      members.length,
      drawn.apart,
      ...members.map((at) => rank(at)[0]),
      members.map((at) => rank(at)[1]).join(' and '),
    ];
    if (best === null || compare(score, best.score) < 0) best = { score, drawn };
  }
  const asked = needs.reduce((sum, { quantity }) => sum + quantity, 0);
  const assigned = best?.drawn.assigned ?? [];
  return { assigned, short: asked - assigned.reduce((sum, { quantity }) => sum + quantity, 0) };
}

type Drawn = { readonly assigned: Assigned[]; readonly apart: number };

/** Whole kits from one place first, then whatever is left, place by place. */
function draw(
  needs: readonly Need[],
  members: readonly number[],
  held: (at: number, item: number) => number,
): Drawn {
  const open = needs.map((need) => ({ ...need }));
  const assigned: Assigned[] = [];
  const takenAt = (at: number, item: number): number =>
    assigned.reduce((sum, one) => sum + (one.at === at && one.item === item ? one.quantity : 0), 0);
  const free = (at: number, item: number): number => held(at, item) - takenAt(at, item);
  const take = (need: Need, at: number, units: number): void => {
    if (units <= 0) return;
    need.quantity -= units;
    const same = assigned.find((one) => one.line === need.line && one.at === at);
    if (same === undefined)
      assigned.push({ line: need.line, item: need.item, at, quantity: units });
    else same.quantity += units;
  };
  let apart = 0;
  for (const kit of new Set(open.flatMap(({ line }) => line.kit?.name ?? []))) {
    const parts = open.filter(({ line }) => line.kit?.name === kit);
    const perKit = ({ line }: Need): number => line.kit?.units ?? 1;
    for (const at of members) {
      const kits = Math.min(
        ...parts.map((part) =>
          Math.floor(Math.min(part.quantity, free(at, part.item)) / perKit(part)),
        ),
      );
      for (const part of parts) take(part, at, kits * perKit(part));
    }
    apart += Math.max(...parts.map((part) => Math.ceil(part.quantity / perKit(part))));
  }
  for (const need of open) {
    for (const at of members) take(need, at, Math.min(need.quantity, free(at, need.item)));
  }
  return { assigned, apart };
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? 0;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** What the order still wants and stock can give, kits only as whole ones. */
export function needsOf(stock: Stock, order: Order): Need[] {
  if (demandOf(order) !== 'ship') return [];
  const places = shippingPlaces(stock, order.channel);
  const free = [0, 1].map((item) =>
    places.reduce((sum, at) => sum + (stock.available[at]?.[item] ?? 0), 0),
  );
  const needs: Need[] = [];
  const give = (line: Line, item: number, units: number): void => {
    if (units <= 0) return;
    free[item] = (free[item] ?? 0) - units;
    needs.push({ line, item, quantity: units });
  };
  const covered = (line: Line): number => line.shipped + promisedOf(line);
  for (const line of order.lines) {
    if (line.item === null) {
      const parts = order.lines.filter(({ kit }) => kit?.name === line.name);
      const kits = Math.min(
        ...parts.map((part) => {
          const most = covered(part) + (free[part.item ?? 0] ?? 0);
          return Math.floor(Math.min(part.quantity, most) / (part.kit?.units ?? 1));
        }),
      );
      for (const part of parts) {
        give(part, part.item ?? 0, kits * (part.kit?.units ?? 1) - covered(part));
      }
    } else if (line.kit === null) {
      give(line, line.item, Math.min(line.quantity - covered(line), free[line.item] ?? 0));
    }
  }
  return needs;
}

export type PlanEffects = {
  /** Items of which promised units became available. */
  readonly freed: Set<number>;
  /** Where units left from by what the channel says, first ones first. */
  readonly left: { readonly line: Line; readonly at: number }[];
};

/** Plans an order anew; `fulfilled` is what the channel says has left, by line. */
export function planOrder(
  stock: Stock,
  order: Order,
  fulfilled: (line: Line) => number,
): PlanEffects {
  const effects: PlanEffects = { freed: new Set(), left: [] };
  const add = (at: number, item: number, units: number): void => {
    const row = stock.available[at];
    if (row !== undefined) row[item] = (row[item] ?? 0) + units;
  };
  const depart = (item: number, units: number): void => {
    stock.gone[item] = (stock.gone[item] ?? 0) + units;
  };
  const lines = order.lines.filter((line) => line.item !== null);
  const uncovered = new Map(
    lines.map((line) => [line, Math.max(0, fulfilled(line) - line.shipped)]),
  );
  for (const line of lines) {
    line.shipped = Math.max(line.shipped, fulfilled(line));
    for (const promise of line.promises) {
      const units = Math.min(uncovered.get(line) ?? 0, promise.quantity);
      if (units === 0) continue;
      promise.quantity -= units;
      promise.shipped += units;
      uncovered.set(line, (uncovered.get(line) ?? 0) - units);
      effects.left.push({ line, at: promise.at });
      depart(line.item ?? 0, units);
    }
  }
  for (const line of lines) {
    const wanted = demandOf(order) === 'ship' ? Math.max(0, line.quantity - line.shipped) : 0;
    for (const promise of [...line.promises].reverse()) {
      const units = Math.min(promise.quantity, Math.max(0, promisedOf(line) - wanted));
      if (units === 0) continue;
      promise.quantity -= units;
      add(promise.at, line.item ?? 0, units);
      effects.freed.add(line.item ?? 0);
    }
  }
  const places = shippingPlaces(stock, order.channel);
  const held = (at: number, item: number): number => stock.available[at]?.[item] ?? 0;
  const unpromised = lines.flatMap((line) => {
    const quantity = uncovered.get(line) ?? 0;
    return quantity > 0 ? [{ line, item: line.item ?? 0, quantity }] : [];
  });
  for (const { line, item, at, quantity } of route(unpromised, places, stock.places, held)
    .assigned) {
    add(at, item, -quantity);
    line.promises.push({ at, quantity: 0, shipped: quantity });
    effects.left.push({ line, at });
  }
  for (const { item, quantity } of unpromised) depart(item, quantity);
  for (const one of route(needsOf(stock, order), places, stock.places, held).assigned) {
    add(one.at, one.item, -one.quantity);
    one.line.promises.push({ at: one.at, quantity: one.quantity, shipped: 0 });
  }
  settle(order);
  return effects;
}

/** The figures and the status that follow from promises and what has left. */
export function settle(order: Order): void {
  const demand = demandOf(order);
  for (const line of order.lines) {
    if (line.item === null) continue;
    line.allocated = promisedOf(line);
    line.short = demand === 'ship' ? Math.max(0, line.quantity - line.shipped - line.allocated) : 0;
  }
  for (const kit of order.lines.filter(({ item }) => item === null)) {
    const parts = order.lines.filter((part) => part.kit?.name === kit.name);
    const whole = (units: (part: Line) => number): number =>
      Math.min(...parts.map((part) => Math.floor(units(part) / (part.kit?.units ?? 1))));
    kit.shipped = whole((part) => part.shipped);
    const covered = whole((part) => part.shipped + part.allocated);
    kit.allocated = Math.max(kit.shipped, Math.min(kit.quantity, covered)) - kit.shipped;
    kit.short = demand === 'ship' ? Math.max(0, kit.quantity - kit.shipped - kit.allocated) : 0;
  }
  order.status = statusOf(order, demand);
}

function statusOf(order: Order, demand: ReturnType<typeof demandOf>): string {
  if (demand === 'cancel') return 'cancelled';
  if (demand === 'hold') return 'awaiting_payment';
  const lines = order.lines.filter(({ item }) => item !== null);
  const shipped = lines.some((line) => line.shipped > 0);
  const open = lines.some((line) => line.shipped < line.quantity);
  if (!open && (shipped || order.stage === 'fulfilled')) return 'shipped';
  return shipped ? 'partially_shipped' : 'open';
}

/** Gives what has become available to the orders that wait for the item, oldest first. */
export function allocateShort(stock: Stock, item: number): void {
  const waiting = [...stock.orders.values()]
    .filter((order) => ['open', 'partially_shipped'].includes(order.status))
    .filter((order) => order.lines.some((line) => line.item === item && line.short > 0))
    .sort((a, b) => a.placed - b.placed);
  for (const order of waiting) planOrder(stock, order, (line) => line.shipped);
}

/** Items that some line is short of. */
export function shortOf({ orders }: Stock, item: number): boolean {
  return [...orders.values()].some((order) =>
    order.lines.some((line) => line.item === item && line.short > 0),
  );
}

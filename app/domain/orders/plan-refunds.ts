/** What a refund says of one line, as its channel tells it. */
export type RefundedLine = {
  readonly lineRef: string;
  readonly quantity: number;
  /**
   * `cancel`: had not left, wanted no more. `return`: had left, is back on the shelf. `none`: not
   * on
   * the shelf. `unknown`: the channel does not say.
   */
  readonly restock: 'cancel' | 'return' | 'none' | 'unknown';
  readonly locationRef: string | null;
};

/** What is kept of it. `taken`: units put back into the ledger (of a kit's own line: kits). */
export type RefundEntry = RefundedLine & {
  readonly taken: number;
  /** It had happened before we were there: our stock was counted with these units in it. */
  readonly past?: true;
};

/** A line as far as refunds go. Of kits both the kit's line and its components' are given. */
export type RefundableLine = {
  readonly lineId: string;
  readonly lineRef: string;
  readonly itemId: string | null;
  /** Units that have left. */
  readonly shipped: number;
  readonly isKit: boolean;
  /** It left as an item with units of its own, and is a kit by now, which has none. */
  readonly becameKit: boolean;
  readonly kit: { readonly lineId: string; readonly units: number } | null;
};

export type PlannedReturn = {
  readonly lineId: string;
  readonly lineRef: string;
  readonly itemId: string;
  readonly quantity: number;
  readonly locationRef: string | null;
};

export type RefundPlan = {
  readonly entries: readonly RefundEntry[];
  readonly returns: readonly PlannedReturn[];
  /** Units, as the buyer counts, that came back by what the channel says, and those that can. */
  readonly claimed: number;
  readonly possible: number;
  /** Units that had left, and of which the channel does not say whether they are back. */
  readonly unclear: number;
  /** Units that came back of what is a kit by now: nobody but a person can put them anywhere. */
  readonly ofKits: number;
};

/**
 * Decides what a refund puts back on the shelf: units the channel says came back, at most as many
 * as
 * had left and were not returned before. A refund of more than was bought makes no stock.
 * `returned` (units by line ref) is of earlier refunds. `past`: made before we were there.
 */
export function planRefund(
  refunded: readonly RefundedLine[],
  lines: readonly RefundableLine[],
  returned: ReadonlyMap<string, number>,
  past: boolean,
): RefundPlan {
  const before = new Map(returned);
  const entries: RefundEntry[] = [];
  const returns: PlannedReturn[] = [];
  const totals = { claimed: 0, possible: 0, unclear: 0, ofKits: 0 };
  const goneOf = (line: RefundableLine | undefined): number =>
    line === undefined ? 0 : Math.max(0, line.shipped - (before.get(line.lineRef) ?? 0));
  const takeBack = (line: RefundableLine, said: RefundedLine, asked: number): number => {
    const units = Math.min(asked, goneOf(line));
    before.set(line.lineRef, (before.get(line.lineRef) ?? 0) + units);
    const { lineId, lineRef, itemId } = line;
    const taken = past || itemId === null || line.becameKit ? 0 : units;
    if (line.becameKit) totals.ofKits += units;
    entries.push({ ...said, lineRef, quantity: asked, taken, ...(past ? { past: true } : {}) });
    if (taken > 0 && itemId !== null && !line.isKit) {
      returns.push({ lineId, lineRef, itemId, quantity: taken, locationRef: said.locationRef });
    }
    return units;
  };
  for (const said of refunded) {
    const quantity = wholeUnits(said.quantity);
    const line = lines.find(({ lineRef }) => lineRef === said.lineRef);
    if (said.restock === 'unknown') totals.unclear += Math.min(quantity, goneOf(line));
    if (said.restock !== 'return' || line === undefined) {
      entries.push({ ...said, quantity, taken: 0 });
      if (said.restock === 'return') totals.claimed += quantity;
      continue;
    }
    totals.claimed += quantity;
    totals.possible += takeBack(line, said, quantity);
    for (const part of lines) {
      if (part.kit?.lineId === line.lineId) takeBack(part, said, quantity * part.kit.units);
    }
  }
  return past
    ? { entries, returns, claimed: 0, possible: 0, unclear: 0, ofKits: 0 }
    : { entries, returns, ...totals };
}

/**
 * Lines of a refund taken before whose goods came back only afterwards: a store may save a refund
 * first and put its units back when the money has gone. `unclearToo`: also lines of which it was
 * not known before; some time later a person has seen to those.
 */
export function turnedLines(
  refunded: readonly RefundedLine[],
  kept: readonly RefundEntry[],
  unclearToo: boolean,
): readonly RefundedLine[] {
  const nothingBack = (ref: string): boolean => {
    const words = kept.filter(({ lineRef }) => lineRef === ref).map(({ restock }) => restock);
    const open = (word: string): boolean => word === 'none' || (word === 'unknown' && unclearToo);
    return words.length > 0 && words.every(open);
  };
  const turned = new Set(
    refunded.filter(({ restock }) => restock === 'return').map(({ lineRef }) => lineRef),
  );
  return refunded.filter(({ lineRef }) => turned.has(lineRef) && nothingBack(lineRef));
}

/** Units by line that earlier refunds brought back, those before our time too. */
export function unitsReturned(entries: readonly RefundEntry[]): Map<string, number> {
  const units = new Map<string, number>();
  for (const entry of entries) {
    if (entry.restock !== 'return') continue;
    const back = entry.past === true ? entry.quantity : entry.taken;
    units.set(entry.lineRef, (units.get(entry.lineRef) ?? 0) + back);
  }
  return units;
}

function wholeUnits(quantity: number): number {
  return Number.isFinite(quantity) ? Math.max(0, Math.trunc(quantity)) : 0;
}

/** A process of the simulated world. What it has in memory is gone when it dies. */
import type pg from 'pg';

export type SimNode = {
  readonly name: string;
  alive: boolean;
  /** How far its clock is ahead of the world's; negative when behind. */
  skewMs: number;
  /** Its open connections to the database. */
  readonly clients: Set<pg.Client>;
  /** Resolves when it dies. */
  readonly died: Promise<void>;
  die(): void;
};

export function createNode(name: string, skewMs = 0): SimNode {
  let die = (): void => undefined;
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const node: SimNode = {
    name,
    alive: true,
    skewMs,
    clients: new Set(),
    died,
    die() {
      node.alive = false;
      die();
    },
  };
  return node;
}

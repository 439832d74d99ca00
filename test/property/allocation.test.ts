/**
 * Random lives of orders over items, kits and places, against a model of what is promised to whom
 * and where: down to the place of every unit.
 */
import { it } from 'vitest';
import { createTestDatabase } from '../support/test-database';
import {
  allocationCommand,
  allocationSetup,
  returnCommand,
  staffCommand,
  tellAllocationCommand,
} from './allocation-commands';
import { playAllocation } from './allocation-play';
import { PROPERTY_TIMEOUT_MS, checkSequences } from './sequences';

const { db } = await createTestDatabase({ max: 4 });

it(
  'promises to orders what the model promises, from the same places',
  () =>
    checkSequences({
      setup: allocationSetup,
      command: allocationCommand,
      length: 20,
      runs: 120,
      play: (setup) => playAllocation(db, setup),
      tell: tellAllocationCommand,
    }),
  PROPERTY_TIMEOUT_MS,
);

it(
  'puts back what has left and came back, once, and where it belongs',
  () =>
    checkSequences({
      setup: allocationSetup,
      command: returnCommand,
      length: 10,
      runs: 40,
      play: (setup) => playAllocation(db, setup),
      tell: tellAllocationCommand,
    }),
  PROPERTY_TIMEOUT_MS,
);

it(
  'follows staff and channels that change their minds',
  () =>
    checkSequences({
      setup: allocationSetup,
      command: staffCommand,
      length: 16,
      runs: 150,
      play: (setup) => playAllocation(db, setup),
      tell: tellAllocationCommand,
    }),
  PROPERTY_TIMEOUT_MS,
);

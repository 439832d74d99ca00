/**
 * Random changes of stock, policies, depots and kits, against a model of the number that every
 * listing should show, and of which of them have to be sent.
 */
import { it } from 'vitest';
import { createTestDatabase } from '../support/test-database';
import { numbersCommand, numbersSetup, tellNumbersCommand } from './numbers-model';
import { playNumbers } from './numbers-play';
import { PROPERTY_TIMEOUT_MS, checkSequences } from './sequences';

const { db } = await createTestDatabase({ max: 4 });

it(
  'shows in every channel what the model shows, and sends what has changed',
  () =>
    checkSequences({
      setup: numbersSetup,
      command: numbersCommand,
      length: 16,
      runs: 120,
      play: (setup) => playNumbers(db, setup),
      tell: tellNumbersCommand,
    }),
  PROPERTY_TIMEOUT_MS,
);

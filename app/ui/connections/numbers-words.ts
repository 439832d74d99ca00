import { numberSteps } from '#app/domain/stock/publish-quantity';
import type { NumberPolicy } from '#app/domain/stock/stock-policy';
import type { NumberTotals, PreviewedNumber } from '#app/queries/connections/preview-numbers';
import { countOf, formatCount, listOf } from '../words/numbers';

/** "120 of 3,120 numbers change: 30 up, 90 down, 4 of them to 0". */
export function totalsSentence({ numbers, changes, up, down, toZero }: NumberTotals): string {
  if (numbers === 0) return 'No listing of this channel is matched to an item yet.';
  if (changes === 0) return `All ${countOf(numbers, 'number')} stay as the channel holds them.`;
  const unknown = changes - up - down;
  const parts = [
    `${formatCount(up)} up`,
    `${formatCount(down)} down${toZero > 0 ? `, ${formatCount(toZero)} of them to 0` : ''}`,
    ...(unknown > 0 ? [`${formatCount(unknown)} not known before`] : []),
  ];
  const verb = changes === 1 ? 'changes' : 'change';
  return `${formatCount(changes)} of ${countOf(numbers, 'number')} ${verb}: ${parts.join(', ')}.`;
}

const EXAMPLE_UNITS = 37;

/** The policy at work on one number, in the order it applies. */
export function exampleSentence(policy: NumberPolicy): string {
  const steps = numberSteps([EXAMPLE_UNITS], policy);
  const parts = [
    `${String(policy.sharePercent)}% is ${formatCount(steps.shared)}`,
    `less ${formatCount(policy.bufferUnits)} is ${formatCount(steps.afterBuffer)}`,
    ...(policy.capUnits === null ? [] : [`at most ${formatCount(policy.capUnits)}`]),
  ];
  return `Of ${String(EXAMPLE_UNITS)} units, ${parts.join(', ')}: ${formatCount(steps.shown)} are shown.`;
}

/** Why a number is what it is: what feeds it, then what the policy does to it. */
export function whyWords(number: PreviewedNumber, policy: NumberPolicy): string {
  const { steps, feeds } = number;
  const sum = feeds.map(({ name, units }) => `${name} ${formatCount(units)}`);
  const parts = [
    feeds.length === 0
      ? 'No active location feeds it'
      : feeds.length === 1
        ? (sum[0] ?? '')
        : `${sum.join(' + ')} = ${formatCount(steps.sellable)}`,
  ];
  if (policy.sharePercent !== 100) {
    parts.push(`${String(policy.sharePercent)}% is ${formatCount(steps.shared)}`);
  }
  if (policy.bufferUnits > 0) {
    parts.push(`less ${formatCount(policy.bufferUnits)} is ${formatCount(steps.afterBuffer)}`);
  }
  if (policy.capUnits !== null && steps.shown < steps.afterBuffer) {
    parts.push(`at most ${formatCount(policy.capUnits)}`);
  }
  return parts.join(' · ');
}

/** "Shares one number with …", or null. */
export function sharedWords({ sharedWith, steps, wouldShow }: PreviewedNumber): string | null {
  if (sharedWith.length === 0) return null;
  const smallest = steps.shown > wouldShow ? `, which can show ${formatCount(wouldShow)}` : '';
  return `Shares one number with ${listOf(sharedWith)}${smallest}`;
}

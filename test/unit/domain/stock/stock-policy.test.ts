import { describe, expect, it } from 'vitest';
import { OPEN_POLICY, policyProblem } from '../../../../app/domain/stock/stock-policy';

const good = { ...OPEN_POLICY, brakePercent: 30 };

describe('a stock policy', () => {
  it('is fine as it comes', () => {
    expect(policyProblem(good)).toBeNull();
    expect(
      policyProblem({ ...good, capUnits: 0, sharePercent: 0, bufferUnits: 100_000 }),
    ).toBeNull();
  });

  it.each([
    [{ bufferUnits: -1 }, 'buffer'],
    [{ bufferUnits: 1.5 }, 'buffer'],
    [{ bufferUnits: 100_001 }, 'buffer'],
    [{ sharePercent: 101 }, 'share'],
    [{ sharePercent: Number.NaN }, 'share'],
    [{ capUnits: -1 }, 'most units'],
    [{ brakePercent: 0 }, 'brake'],
  ])('with %j names what is wrong', (wrong, named) => {
    expect(policyProblem({ ...good, ...wrong })).toContain(named);
  });
});

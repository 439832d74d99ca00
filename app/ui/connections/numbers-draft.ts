import { useEffect, useMemo, useState } from 'react';
import { type Oversell, policyProblem } from '#app/domain/stock/stock-policy';
import type { ChannelPolicy } from '#app/queries/connections/get-policy';
import type { Proposal } from '#app/queries/connections/preview-numbers';
import { useAddress } from '../parts/use-address';

/** A policy as it is being typed. */
export type PolicyDraft = {
  readonly share: string;
  readonly buffer: string;
  /** Empty = no cap. */
  readonly cap: string;
  readonly oversell: Oversell;
  readonly brake: string;
  readonly from: readonly string[];
};

/** A pause this long means that the number is finished. */
const TYPING_PAUSE_MS = 300;

/**
 * The policy being typed. What changes numbers follows into the address when the typing pauses, so
 * that the page previews it, and a reload or a link shows the same.
 */
export function usePolicyDraft(policy: ChannelPolicy, proposal: Proposal) {
  const [draft, setDraft] = useState<PolicyDraft>(() =>
    draftOf({ ...policy, ...proposal, locationIds: proposal.locationIds ?? policy.locationIds }),
  );
  const { change } = useAddress();
  const saved = useMemo(() => draftOf(policy), [policy]);
  const problem = problemOf(draft);
  const wanted = problem === null ? addressOf(draft, saved) : null;
  const shown = useAddressed();
  const text = wanted === null ? shown : JSON.stringify(wanted);
  useEffect(() => {
    if (text === shown) return;
    const timer = setTimeout(() => {
      change(JSON.parse(text) as Record<string, string>, { replace: true });
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text, shown, change]);
  return {
    draft,
    problem,
    changed: !isSame(draft, saved),
    /** The table below is of an earlier draft still. */
    behind: text !== shown,
    edit: (part: Partial<PolicyDraft>) => {
      setDraft((current) => ({ ...current, ...part }));
    },
    discard: () => {
      setDraft(saved);
    },
  };
}

function useAddressed(): string {
  const { read } = useAddress();
  return JSON.stringify({
    share: read('share'),
    buffer: read('buffer'),
    cap: read('cap'),
    from: read('from'),
  });
}

function draftOf(policy: ChannelPolicy): PolicyDraft {
  return {
    share: String(policy.sharePercent),
    buffer: String(policy.bufferUnits),
    cap: policy.capUnits === null ? '' : String(policy.capUnits),
    oversell: policy.oversell,
    brake: String(policy.brakePercent),
    from: policy.locationIds,
  };
}

function addressOf(draft: PolicyDraft, saved: PolicyDraft): Record<string, string> {
  return {
    share: draft.share === saved.share ? '' : draft.share,
    buffer: draft.buffer === saved.buffer ? '' : draft.buffer,
    cap: draft.cap === saved.cap ? '' : draft.cap === '' ? 'none' : draft.cap,
    from: isSameList(draft.from, saved.from) ? '' : [...draft.from].sort().join(','),
  };
}

function isSame(one: PolicyDraft, other: PolicyDraft): boolean {
  return (
    one.share === other.share &&
    one.buffer === other.buffer &&
    one.cap === other.cap &&
    one.oversell === other.oversell &&
    one.brake === other.brake &&
    isSameList(one.from, other.from)
  );
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}

/** What is wrong with it; null when it can be saved. */
function problemOf(draft: PolicyDraft): string | null {
  const whole = (text: string): number =>
    /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return policyProblem({
    sharePercent: whole(draft.share),
    bufferUnits: whole(draft.buffer),
    capUnits: draft.cap.trim() === '' ? null : whole(draft.cap),
    oversell: draft.oversell,
    brakePercent: whole(draft.brake),
  });
}

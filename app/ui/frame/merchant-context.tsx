import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from 'react';

export type NamedChoice = { readonly id: string; readonly name: string };

export type MerchantView = {
  readonly name: string;
  readonly timezone: string;
  readonly channels: readonly NamedChoice[];
  readonly locations: readonly NamedChoice[];
  /** The server's clock, kept running in the browser: what "4 minutes ago" counts from. */
  readonly now: Date;
};

/** Fine enough for "seconds ago", rare enough to cost nothing. */
const TICK_MS = 5000;

const MerchantContext = createContext<MerchantView | null>(null);

/** Makes the merchant known to every page below. */
export function MerchantProvider({ merchant, children }: MerchantProviderProps) {
  const now = useRunningClock(merchant.now);
  const view = useMemo(() => ({ ...merchant, now }), [merchant, now]);
  return <MerchantContext.Provider value={view}>{children}</MerchantContext.Provider>;
}

type MerchantProviderProps = { readonly merchant: MerchantView; readonly children: ReactNode };

/** The merchant this page is for. */
export function useMerchant(): MerchantView {
  const merchant = useContext(MerchantContext);
  if (merchant === null) throw new Error('useMerchant needs a MerchantProvider above it.');
  return merchant;
}

function useRunningClock(serverNow: Date): Date {
  const [now, setNow] = useState(serverNow);
  const started = serverNow.getTime();
  useEffect(() => {
    const here = performance.now();
    setNow(new Date(started));
    const timer = setInterval(() => {
      setNow(new Date(started + performance.now() - here));
    }, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [started]);
  return now;
}

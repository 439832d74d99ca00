import { useNavigation, useSearchParams } from '@remix-run/react';
import { useCallback } from 'react';

/** The part of an index that lives in the address, so that a reload or a link shows the same. */
export type Address = {
  /** The value of a parameter; empty when absent. */
  read(name: string): string;
  /** Sets (or with '' removes) parameters and goes back to the first page. */
  change(values: Readonly<Record<string, string>>, options?: { replace?: boolean }): void;
  /** The rows for a changed address are on their way. */
  readonly loading: boolean;
};

export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  const navigation = useNavigation();
  const change = useCallback<Address['change']>(
    (values, options = {}) => {
      setParams(
        (current) => {
          const changed = new URLSearchParams(current);
          changed.delete('after');
          changed.delete('before');
          for (const [name, value] of Object.entries(values)) {
            if (value === '') changed.delete(name);
            else changed.set(name, value);
          }
          return changed;
        },
        { replace: options.replace ?? false, preventScrollReset: true },
      );
    },
    [setParams],
  );
  return {
    read: (name) => params.get(name) ?? '',
    change,
    loading: navigation.state === 'loading' && navigation.formMethod === undefined,
  };
}

import {
  type AppliedFilterInterface,
  ChoiceList,
  IndexFilters,
  IndexFiltersMode,
  type IndexFiltersProps,
  useSetIndexFiltersMode,
} from '@shopify/polaris';
import { useEffect, useRef, useState } from 'react';
import type { NamedChoice } from '../frame/merchant-context';
import { useAddress } from './use-address';

export type SavedView = { readonly id: string; readonly label: string };

export type IndexFilter = {
  /** Its name in the address. */
  readonly name: string;
  readonly label: string;
  readonly choices: readonly NamedChoice[];
};

type ResourceFiltersProps = {
  readonly views: readonly SavedView[];
  readonly searchLabel: string;
  readonly filters: readonly IndexFilter[];
  /** Values are "name direction"; the first one holds when the address names none. */
  readonly sorts: NonNullable<IndexFiltersProps['sortOptions']>;
  /** False where the table is only a part of its page: the filters scroll away with it. */
  readonly sticky?: boolean;
};

/** A pause this long means the word is finished. */
const TYPING_PAUSE_MS = 250;

/** Views as tabs, search, filters and sort of an index; all of it in the address. */
export function ResourceFilters({
  views,
  searchLabel,
  filters,
  sorts,
  sticky = true,
}: ResourceFiltersProps) {
  const address = useAddress();
  // A search that came with the address must be seen, not only felt.
  const narrowed = ['q', ...filters.map(({ name }) => name)].some((name) => address.read(name));
  const { mode, setMode } = useSetIndexFiltersMode(
    narrowed ? IndexFiltersMode.Filtering : IndexFiltersMode.Default,
  );
  const search = useTypedSearch(address);
  const selected = Math.max(
    0,
    views.findIndex(({ id }) => id === address.read('view')),
  );
  const clear = (names: readonly string[]) => {
    address.change(Object.fromEntries(names.map((name) => [name, ''])));
  };
  return (
    <IndexFilters
      tabs={views.map(({ id, label }) => ({ id, content: label, isLocked: true }))}
      selected={selected}
      onSelect={(index) => {
        address.change({ view: index === 0 ? '' : (views[index]?.id ?? '') });
      }}
      canCreateNewView={false}
      disableStickyMode={!sticky}
      queryValue={search.typed}
      queryPlaceholder={searchLabel}
      onQueryChange={search.type}
      onQueryClear={search.clear}
      sortOptions={sorts}
      sortSelected={[address.read('sort') || (sorts[0]?.value ?? '')]}
      onSort={([value]) => {
        address.change({ sort: value === sorts[0]?.value ? '' : (value ?? '') });
      }}
      filters={filters.map((filter) => toFilter(filter, address))}
      appliedFilters={filters.flatMap((filter) => toApplied(filter, address))}
      onClearAll={() => {
        search.clear();
        clear(['q', ...filters.map(({ name }) => name)]);
      }}
      cancelAction={{
        onAction: () => {
          search.clear();
          clear(['q', ...filters.map(({ name }) => name)]);
        },
      }}
      mode={mode}
      setMode={setMode}
      loading={address.loading}
    />
  );
}

type Address = ReturnType<typeof useAddress>;

function toFilter({ name, label, choices }: IndexFilter, address: Address) {
  const selected = address.read(name);
  return {
    key: name,
    label,
    shortcut: true,
    filter: (
      <ChoiceList
        title={label}
        titleHidden
        choices={choices.map((choice) => ({ label: choice.name, value: choice.id }))}
        selected={selected === '' ? [] : [selected]}
        onChange={([value]) => {
          address.change({ [name]: value ?? '' });
        }}
      />
    ),
  };
}

function toApplied(filter: IndexFilter, address: Address): AppliedFilterInterface[] {
  const selected = address.read(filter.name);
  if (selected === '') return [];
  const name = filter.choices.find(({ id }) => id === selected)?.name ?? 'unknown';
  return [
    {
      key: filter.name,
      label: `${filter.label}: ${name}`,
      onRemove: () => {
        address.change({ [filter.name]: '' });
      },
    },
  ];
}

/** What is typed shows at once; the address follows when the typing pauses. */
function useTypedSearch(address: Address) {
  const inAddress = address.read('q');
  const [typed, setTyped] = useState(inAddress);
  const sent = useRef(inAddress);
  const { change } = address;
  useEffect(() => {
    if (inAddress === sent.current) return;
    // Somebody else changed it: the back button, or "clear all".
    sent.current = inAddress;
    setTyped(inAddress);
  }, [inAddress]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      change({ q: typed }, { replace: true });
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, change]);
  return {
    typed,
    type: setTyped,
    clear: () => {
      setTyped('');
    },
  };
}

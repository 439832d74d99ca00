import type { IndexTableProps } from '@shopify/polaris';
import { useSearchParams } from '@remix-run/react';
import { useState } from 'react';
import type { Chosen } from './bulk-dialog';

type State = {
  /** The address this was chosen on: on another page or with another filter nothing is. */
  readonly address: string;
  readonly all: boolean;
  readonly ids: readonly string[];
};

/** Which rows of a list are chosen, or all that match its filter. */
export function useSelection(rows: readonly { readonly id: string }[]) {
  const [params] = useSearchParams();
  const address = params.toString();
  const nothing: State = { address, all: false, ids: [] };
  const [kept, setKept] = useState(nothing);
  const state = kept.address === address ? kept : nothing;
  const page = rows.map(({ id }) => id);
  const choose = (ids: readonly string[]) => {
    setKept({ address, all: false, ids });
  };
  const current = state.all ? page : state.ids;
  const change = (some: readonly string[], chosen: boolean) => {
    const others = current.filter((id) => !some.includes(id));
    choose(chosen ? [...others, ...some] : others);
  };
  const everything = () => {
    setKept({ address, all: true, ids: [] });
  };
  const onSelectionChange: NonNullable<IndexTableProps['onSelectionChange']> = (
    type,
    chosen,
    selection,
  ) => {
    switch (String(type)) {
      case 'single':
        change([String(selection)], chosen);
        break;
      case 'page':
        choose(chosen ? page : []);
        break;
      case 'all':
        if (chosen) everything();
        else choose([]);
        break;
      default:
        if (Array.isArray(selection)) {
          change(page.slice(selection[0], selection[1] + 1), chosen);
        }
    }
  };
  const chosen: Chosen = state.all
    ? { all: true, filter: address }
    : { all: false, ids: state.ids };
  return {
    all: state.all,
    ids: state.ids,
    chosen,
    onSelectionChange,
    one: (id: string, picked: boolean) => {
      change([id], picked);
    },
    page: (picked: boolean) => {
      choose(picked ? page : []);
    },
    everything,
    clear: () => {
      choose([]);
    },
  };
}

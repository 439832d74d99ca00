import { useSearchParams } from '@remix-run/react';
import { Box, InlineStack, Pagination } from '@shopify/polaris';

type Page = { readonly next: string | null; readonly previous: string | null };

/** Turns keyset pages by putting the cursor in the address; nothing when there is one page. */
export function Pager({ page, label, prefix = '' }: PagerProps) {
  const turn = usePageTurn(page, prefix);
  if (page.next === null && page.previous === null) return null;
  return (
    <Box paddingBlock="200">
      <InlineStack align="center">
        <Pagination accessibilityLabel={`Pages of ${label}`} {...turn} />
      </InlineStack>
    </Box>
  );
}

type PagerProps = {
  readonly page: Page;
  /** What is paged, for people who hear the page: "orders". */
  readonly label: string;
  /** Keeps two pagers on one page apart. */
  readonly prefix?: string;
};

function usePageTurn(page: Page, prefix: string) {
  const [, setParams] = useSearchParams();
  const [after, before] = [`${prefix}after`, `${prefix}before`];
  const go = (name: string, cursor: string | null) => {
    if (cursor === null) return;
    setParams(
      (current) => {
        const changed = new URLSearchParams(current);
        changed.delete(after);
        changed.delete(before);
        changed.set(name, cursor);
        return changed;
      },
      { preventScrollReset: prefix !== '' },
    );
  };
  return {
    hasNext: page.next !== null,
    hasPrevious: page.previous !== null,
    onNext: () => {
      go(after, page.next);
    },
    onPrevious: () => {
      go(before, page.previous);
    },
  };
}

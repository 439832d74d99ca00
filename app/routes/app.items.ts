import type { LoaderFunctionArgs } from '@remix-run/node';
import { listItems } from '#app/queries/stock/list-items';
import { FIRST_PAGE } from '#app/queries/paging';
import type { ItemChoices } from '#app/ui/parts/item-picker';
import { requireMerchant, wiring } from '#app/wiring.server';

/** As many as can be chosen from at a glance. */
const CHOICES_MAX = 8;

/** Items to choose from in a dialog, by a few typed letters. */
export async function loader({ request }: LoaderFunctionArgs): Promise<ItemChoices> {
  const { merchantId } = await requireMerchant(request);
  const found = await listItems(wiring().prisma, merchantId, {
    ...FIRST_PAGE,
    view: 'all',
    search: new URL(request.url).searchParams.get('q'),
    locationId: null,
    sort: 'title',
    descending: false,
  });
  const items = found.rows.slice(0, CHOICES_MAX).map(({ id, title, variantTitle, sku }) => ({
    id,
    title: variantTitle === null ? title : `${title}, ${variantTitle}`,
    sku,
  }));
  return { items };
}

import type { Api } from '@shopify/ui-extensions/admin.order-details.block.render';

/** What the block needs of the admin. */
export type Host = Pick<Api, 'data' | 'auth' | 'i18n'>;

export type I18n = Host['i18n'];

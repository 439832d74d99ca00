import { wordpressDate } from './replies';
import type { Body } from './replies';
import type { Product, StoreState } from './state';
import { managedBy, stockHolder, stockStatus, variationsOf } from './stock-facts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

export function links(state: StoreState, self: string, collection: string, up?: string): Body {
  const at = (path: string) => `${state.url}/wp-json/wc/v3/${path}`;
  return {
    self: [{ href: at(self), targetHints: { allow: METHODS } }],
    collection: [{ href: at(collection) }],
    ...(up === undefined ? {} : { up: [{ href: at(up) }] }),
  };
}

function dates(product: Product): Body {
  return {
    date_created: wordpressDate(product.createdAt),
    date_created_gmt: wordpressDate(product.createdAt),
    date_modified: wordpressDate(product.modifiedAt),
    date_modified_gmt: wordpressDate(product.modifiedAt),
  };
}

function prices(product: Product): Body {
  return {
    price: product.price,
    regular_price: product.price,
    sale_price: '',
    date_on_sale_from: null,
    date_on_sale_from_gmt: null,
    date_on_sale_to: null,
    date_on_sale_to_gmt: null,
    on_sale: false,
  };
}

function stock(state: StoreState, product: Product): Body {
  const holder = stockHolder(state, product);
  const empty = (holder?.stockQuantity ?? 1) <= 0;
  // A variation under its parent's number follows its parent's word, too.
  const { backorders } = managedBy(state, product) === 'parent' ? (holder ?? product) : product;
  return {
    manage_stock: managedBy(state, product),
    stock_quantity: holder?.stockQuantity ?? null,
    backorders,
    backorders_allowed: backorders !== 'no',
    backordered: backorders !== 'no' && holder !== null && empty,
    low_stock_amount: product.lowStockAmount,
  };
}

function permalink(state: StoreState, product: Product): string {
  const parent = state.products.get(product.parentId);
  if (!parent) return `${state.url}/product/${slugOf(product.name)}/`;
  const option = product.attributes[0]?.options[0] ?? '';
  const query = `attribute_${slugOf(product.attributes[0]?.name ?? '')}=${option}`;
  return `${state.url}/product/${slugOf(parent.name)}/?${query}`;
}

/** As `products/<id>` shows it, variations included, and as webhooks carry it. */
export function productBody(state: StoreState, product: Product): Body {
  const variation = product.type === 'variation';
  const up = variation ? `products/${product.parentId}` : undefined;
  const price = product.price === '' ? '' : priceHtml(state, product);
  return {
    id: product.id,
    name: fullName(state, product),
    slug: slugOf(fullName(state, product)),
    permalink: permalink(state, product),
    ...dates(product),
    type: product.type,
    status: product.status,
    featured: false,
    catalog_visibility: 'visible',
    description: '',
    short_description: '',
    sku: product.sku,
    ...prices(product),
    purchasable: product.price !== '',
    total_sales: variation ? String(product.totalSales) : product.totalSales,
    ...downloads(),
    external_url: '',
    button_text: '',
    tax_status: 'taxable',
    tax_class: '',
    ...stock(state, product),
    sold_individually: false,
    weight: product.weight,
    dimensions: product.dimensions,
    shipping_required: true,
    shipping_taxable: true,
    shipping_class: '',
    shipping_class_id: 0,
    reviews_allowed: !variation,
    average_rating: '0.00',
    rating_count: 0,
    upsell_ids: [],
    cross_sell_ids: [],
    parent_id: product.parentId,
    purchase_note: '',
    categories: variation ? [] : [{ id: 15, name: 'Uncategorized', slug: 'uncategorized' }],
    brands: [],
    tags: [],
    images: [],
    attributes: attributesBody(product),
    default_attributes: [],
    variations: variationsOf(state, product.id).map((child) => child.id),
    grouped_products: [],
    menu_order: 0,
    price_html: price,
    related_ids: [],
    meta_data: product.meta,
    stock_status: stockStatus(state, product),
    has_options: product.type === 'variable',
    post_password: '',
    global_unique_id: product.globalUniqueId,
    _links: links(state, `products/${product.id}`, 'products', up),
  };
}

/** Writes answer with the body as an editor sees it. */
export function editedProductBody(state: StoreState, product: Product): Body {
  const { _links, ...body } = productBody(state, product);
  return {
    ...body,
    permalink_template: `${state.url}/product/%pagename%/`,
    generated_slug: slugOf(product.name),
    _links,
  };
}

/** As `products/<parent>/variations` shows it. */
export function variationBody(state: StoreState, product: Product): Body {
  const parentPath = `products/${product.parentId}`;
  return {
    id: product.id,
    type: 'variation',
    ...dates(product),
    description: '',
    permalink: permalink(state, product),
    sku: product.sku,
    global_unique_id: product.globalUniqueId,
    ...prices(product),
    status: product.status,
    purchasable: product.price !== '',
    ...downloads(),
    tax_status: 'taxable',
    tax_class: '',
    ...variationStock(state, product),
    weight: product.weight,
    dimensions: product.dimensions,
    shipping_class: '',
    shipping_class_id: 0,
    image: null,
    attributes: attributesBody(product),
    menu_order: 0,
    meta_data: product.meta,
    name: product.attributes.map((attribute) => attribute.options[0] ?? '').join(', '),
    parent_id: product.parentId,
    _links: links(
      state,
      `${parentPath}/variations/${product.id}`,
      `${parentPath}/variations`,
      parentPath,
    ),
  };
}

function variationStock(state: StoreState, product: Product): Body {
  const { manage_stock, stock_quantity, ...rest } = stock(state, product);
  return { manage_stock, stock_quantity, stock_status: stockStatus(state, product), ...rest };
}

function downloads(): Body {
  return {
    virtual: false,
    downloadable: false,
    downloads: [],
    download_limit: -1,
    download_expiry: -1,
  };
}

function attributesBody(product: Product): Body[] {
  return product.attributes.map(({ name, options }, position) =>
    product.type === 'variation'
      ? { id: 0, name, slug: slugOf(name), option: options[0] ?? '' }
      : { id: 0, name, slug: name, position, visible: true, variation: true, options },
  );
}

/** A variation is called after its parent and what was chosen. */
export function fullName(state: StoreState, product: Product): string {
  const parent = state.products.get(product.parentId);
  if (!parent) return product.name;
  const chosen = product.attributes.map((attribute) => attribute.options[0] ?? '').join(', ');
  return `${parent.name} - ${chosen}`;
}

function priceHtml(state: StoreState, product: Product): string {
  const symbol = currencySymbol(state.currency);
  return (
    '<span class="woocommerce-Price-amount amount"><bdi>' +
    `<span class="woocommerce-Price-currencySymbol">${symbol}</span>${product.price}</bdi></span>`
  );
}

export function currencySymbol(currency: string): string {
  return { USD: '&#36;', EUR: '&euro;', GBP: '&pound;' }[currency] ?? currency;
}

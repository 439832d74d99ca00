export { createWooCommerceChannel } from './connector';
export { checkStoreUrl, grantUrl, readGrant } from './connect';
export type { CheckOptions, Grant, GrantRequest, StoreUrlCheck, StoreUrlRefusal } from './connect';
export type { ClientOptions, StoreCredentials } from './client';
export { readSignal } from './webhooks';

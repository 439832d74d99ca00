export { createWooCommerceChannel } from './connector';
export { checkStoreUrl, grantUrl, readGrant } from './connect';
export type { CheckOptions, Grant, GrantRequest, StoreUrlCheck, StoreUrlRefusal } from './connect';
export { lookAtStore } from './look';
export type { StoreLook } from './look';
export type { ClientOptions } from './client';
export type { StoreCredentials } from './transport';
export { readSignal } from './webhooks';

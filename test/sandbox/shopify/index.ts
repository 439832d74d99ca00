export { readAppConfiguration } from './app-configuration';
export { createShopifySandbox } from './sandbox';
export type { ShopifySandbox, ShopifySandboxOptions, NewShop, AppWebhook } from './sandbox';
export { ADMIN_API_VERSION, loadAdminSchema, schemaFilePath } from './schema';
export type { AdminSchema, OfflineScope } from './schema';
export { SoldOutError } from './shop';
export type { NewLocation, NewProduct, PlaceOrderInput, SandboxShop } from './shop';
export { signBody } from './notify';

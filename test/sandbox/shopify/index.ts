export { readAppConfiguration } from './app-configuration';
export { createShopifySandbox } from './sandbox';
export type { ShopifySandbox, ShopifySandboxOptions, NewShop, AppWebhook } from './sandbox';
export { SoldOutError } from './shop';
export type {
  NewLocation,
  NewProduct,
  OrderEdit,
  PlaceOrderInput,
  RefundRequest,
  SandboxShop,
} from './shop';

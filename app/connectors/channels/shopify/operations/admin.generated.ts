/**
 * Generated from the .graphql documents in this folder and Shopify's published Admin schema.
 * Do not edit: change a document and run `npm run codegen`.
 */
import type { Operation } from '../client';

type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type CountryCode = string;

export type CurrencyCode = string;

export type FulfillmentInput = {
  readonly lineItemsByFulfillmentOrder: ReadonlyArray<FulfillmentOrderLineItemsInput>;
  readonly notifyCustomer?: boolean | null | undefined;
  readonly originAddress?: FulfillmentOriginAddressInput | null | undefined;
  readonly trackingInfo?: FulfillmentTrackingInput | null | undefined;
};

export type FulfillmentOrderAction =
  | 'CANCEL_FULFILLMENT_ORDER'
  | 'CREATE_FULFILLMENT'
  | 'EXTERNAL'
  | 'HOLD'
  | 'MARK_AS_OPEN'
  | 'MERGE'
  | 'MOVE'
  | 'RELEASE_HOLD'
  | 'REPORT_PROGRESS'
  | 'REQUEST_CANCELLATION'
  | 'REQUEST_FULFILLMENT'
  | 'SPLIT';

export type FulfillmentOrderLineItemInput = {
  readonly id: string;
  readonly quantity: number;
};

export type FulfillmentOrderLineItemsInput = {
  readonly fulfillmentOrderId: string;
  readonly fulfillmentOrderLineItems?:
    ReadonlyArray<FulfillmentOrderLineItemInput> | null | undefined;
};

export type FulfillmentOrderMoveFulfillmentOrderMoveUserErrorCode =
  'CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS';

export type FulfillmentOrderStatus =
  'CANCELLED' | 'CLOSED' | 'INCOMPLETE' | 'IN_PROGRESS' | 'ON_HOLD' | 'OPEN' | 'SCHEDULED';

export type FulfillmentOriginAddressInput = {
  readonly address1?: string | null | undefined;
  readonly address2?: string | null | undefined;
  readonly city?: string | null | undefined;
  readonly countryCode: string;
  readonly provinceCode?: string | null | undefined;
  readonly zip?: string | null | undefined;
};

export type FulfillmentStatus = 'CANCELLED' | 'ERROR' | 'FAILURE' | 'OPEN' | 'PENDING' | 'SUCCESS';

export type FulfillmentTrackingInput = {
  readonly company?: string | null | undefined;
  readonly number?: string | null | undefined;
  readonly numbers?: ReadonlyArray<string> | null | undefined;
  readonly url?: string | null | undefined;
  readonly urls?: ReadonlyArray<string> | null | undefined;
};

export type InventoryQuantityInput = {
  readonly changeFromQuantity?: number | null | undefined;
  readonly inventoryItemId: string;
  readonly locationId: string;
  readonly quantity: number;
};

export type InventorySetQuantitiesInput = {
  readonly name: string;
  readonly quantities: ReadonlyArray<InventoryQuantityInput>;
  readonly reason: string;
  readonly referenceDocumentUri?: string | null | undefined;
};

export type InventorySetQuantitiesUserErrorCode =
  | 'CHANGE_FROM_QUANTITY_STALE'
  | 'COMPARE_QUANTITY_REQUIRED'
  | 'COMPARE_QUANTITY_STALE'
  | 'IDEMPOTENCY_CONCURRENT_REQUEST'
  | 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH'
  | 'IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED'
  | 'INVALID_INVENTORY_ITEM'
  | 'INVALID_LOCATION'
  | 'INVALID_NAME'
  | 'INVALID_QUANTITY_NEGATIVE'
  | 'INVALID_QUANTITY_TOO_HIGH'
  | 'INVALID_QUANTITY_TOO_LOW'
  | 'INVALID_REASON'
  | 'INVALID_REFERENCE_DOCUMENT'
  | 'ITEM_NOT_STOCKED_AT_LOCATION'
  | 'NON_MUTABLE_INVENTORY_ITEM'
  | 'NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR';

export type OrderCancelReason = 'CUSTOMER' | 'DECLINED' | 'FRAUD' | 'INVENTORY' | 'OTHER' | 'STAFF';

export type OrderCancelRefundMethodInput =
  | { readonly originalPaymentMethodsRefund: boolean; readonly storeCreditRefund?: never }
  | {
      readonly originalPaymentMethodsRefund?: never;
      readonly storeCreditRefund: OrderCancelStoreCreditRefundInput;
    };

export type OrderCancelStoreCreditRefundInput = {
  readonly expiresAt?: string | null | undefined;
};

export type OrderCancelUserErrorCode =
  | 'INTERNAL_ERROR'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'NO_REFUND_PERMISSION'
  | 'NO_REFUND_TO_STORE_CREDIT_PERMISSION'
  | 'STORE_CREDIT_REFUND_B2B_NOT_SUPPORTED'
  | 'STORE_CREDIT_REFUND_EXPIRATION_IN_PAST'
  | 'STORE_CREDIT_REFUND_MISSING_CUSTOMER';

export type OrderDisplayFinancialStatus =
  | 'AUTHORIZED'
  | 'EXPIRED'
  | 'PAID'
  | 'PARTIALLY_PAID'
  | 'PARTIALLY_REFUNDED'
  | 'PENDING'
  | 'REFUNDED'
  | 'VOIDED';

export type OrderDisplayFulfillmentStatus =
  | 'FULFILLED'
  | 'IN_PROGRESS'
  | 'ON_HOLD'
  | 'OPEN'
  | 'PARTIALLY_FULFILLED'
  | 'PENDING_FULFILLMENT'
  | 'REQUEST_DECLINED'
  | 'RESTOCKED'
  | 'SCHEDULED'
  | 'UNFULFILLED';

export type ProductStatus = 'ACTIVE' | 'ARCHIVED' | 'DRAFT' | 'UNLISTED';

export type ProductVariantInventoryPolicy = 'CONTINUE' | 'DENY';

export type WeightUnit = 'GRAMS' | 'KILOGRAMS' | 'OUNCES' | 'POUNDS';

export type WorkLineFieldsFragment = {
  readonly id: string;
  readonly remainingQuantity: number;
  readonly lineItem: { readonly id: string };
};

export type FulfillmentOrdersOfOrderQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
  lines: number;
}>;

export type FulfillmentOrdersOfOrderQuery = {
  readonly order: {
    readonly fulfillmentOrders: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly id: string;
        readonly status: FulfillmentOrderStatus;
        readonly assignedLocation: { readonly location: { readonly id: string } | null };
        readonly supportedActions: ReadonlyArray<{ readonly action: FulfillmentOrderAction }>;
        readonly lineItems: {
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
          readonly nodes: ReadonlyArray<{
            readonly id: string;
            readonly remainingQuantity: number;
            readonly lineItem: { readonly id: string };
          }>;
        };
      }>;
    };
  } | null;
};

export type MoreLinesOfFulfillmentOrderQueryVariables = Exact<{
  id: string;
  lines: number;
  after?: string | null | undefined;
}>;

export type MoreLinesOfFulfillmentOrderQuery = {
  readonly fulfillmentOrder: {
    readonly lineItems: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly id: string;
        readonly remainingQuantity: number;
        readonly lineItem: { readonly id: string };
      }>;
    };
  } | null;
};

export type FulfillmentsOfOrderQueryVariables = Exact<{
  id: string;
  first: number;
}>;

export type FulfillmentsOfOrderQuery = {
  readonly order: {
    readonly fulfillments: ReadonlyArray<{
      readonly id: string;
      readonly status: FulfillmentStatus;
      readonly createdAt: string;
      readonly trackingInfo: ReadonlyArray<{ readonly number: string | null }>;
    }>;
  } | null;
};

export type LinesOfFulfillmentQueryVariables = Exact<{
  id: string;
  lines: number;
  after?: string | null | undefined;
}>;

export type LinesOfFulfillmentQuery = {
  readonly fulfillment: {
    readonly fulfillmentLineItems: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly quantity: number | null;
        readonly lineItem: { readonly id: string };
      }>;
    };
  } | null;
};

export type MoveFulfillmentOrderMutationVariables = Exact<{
  id: string;
  location: string;
  lines?:
    ReadonlyArray<FulfillmentOrderLineItemInput> | FulfillmentOrderLineItemInput | null | undefined;
}>;

export type MoveFulfillmentOrderMutation = {
  readonly fulfillmentOrderMove: {
    readonly movedFulfillmentOrder: { readonly id: string } | null;
    readonly userErrors: ReadonlyArray<{
      readonly code: FulfillmentOrderMoveFulfillmentOrderMoveUserErrorCode | null;
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type CreateFulfillmentMutationVariables = Exact<{
  fulfillment: FulfillmentInput;
}>;

export type CreateFulfillmentMutation = {
  readonly fulfillmentCreate: {
    readonly fulfillment: { readonly id: string } | null;
    readonly userErrors: ReadonlyArray<{
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type LevelsOfItemsQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
  levels: number;
}>;

export type LevelsOfItemsQuery = {
  readonly nodes: ReadonlyArray<
    | {
        readonly id: string;
        readonly tracked: boolean;
        readonly inventoryLevels: {
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
          readonly nodes: ReadonlyArray<{
            readonly location: { readonly id: string };
            readonly quantities: ReadonlyArray<{
              readonly name: string;
              readonly quantity: number;
            }>;
          }>;
        };
      }
    | Record<PropertyKey, never>
    | null
  >;
};

export type MoreLevelsOfItemQueryVariables = Exact<{
  id: string;
  levels: number;
  after?: string | null | undefined;
}>;

export type MoreLevelsOfItemQuery = {
  readonly inventoryItem: {
    readonly inventoryLevels: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly location: { readonly id: string };
        readonly quantities: ReadonlyArray<{ readonly name: string; readonly quantity: number }>;
      }>;
    };
  } | null;
};

export type SetInventoryMutationVariables = Exact<{
  input: InventorySetQuantitiesInput;
  key: string;
}>;

export type SetInventoryMutation = {
  readonly inventorySetQuantities: {
    readonly inventoryAdjustmentGroup: { readonly id: string } | null;
    readonly userErrors: ReadonlyArray<{
      readonly code: InventorySetQuantitiesUserErrorCode | null;
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type ActivateInventoryMutationVariables = Exact<{
  item: string;
  location: string;
  key: string;
}>;

export type ActivateInventoryMutation = {
  readonly inventoryActivate: {
    readonly inventoryLevel: { readonly id: string } | null;
    readonly userErrors: ReadonlyArray<{
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type LocationsPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;

export type LocationsPageQuery = {
  readonly locations: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly name: string;
      readonly isActive: boolean;
      readonly isFulfillmentService: boolean;
      readonly address: {
        readonly address1: string | null;
        readonly address2: string | null;
        readonly city: string | null;
        readonly provinceCode: string | null;
        readonly zip: string | null;
        readonly countryCode: string | null;
        readonly phone: string | null;
        readonly latitude: number | null;
        readonly longitude: number | null;
      };
    }>;
  };
};

export type OrderLineFieldsFragment = {
  readonly id: string;
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
  readonly currentQuantity: number;
  readonly unfulfilledQuantity: number;
  readonly requiresShipping: boolean;
  readonly variant: { readonly id: string } | null;
  readonly originalUnitPriceSet: {
    readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
  };
};

export type OrderFieldsFragment = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly cancelledAt: string | null;
  readonly cancelReason: OrderCancelReason | null;
  readonly displayFinancialStatus: OrderDisplayFinancialStatus | null;
  readonly displayFulfillmentStatus: OrderDisplayFulfillmentStatus;
  readonly email: string | null;
  readonly note: string | null;
  readonly tags: ReadonlyArray<string>;
  readonly totalPriceSet: {
    readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
  };
  readonly shippingLine: { readonly title: string } | null;
  readonly shippingAddress: {
    readonly name: string | null;
    readonly company: string | null;
    readonly address1: string | null;
    readonly address2: string | null;
    readonly city: string | null;
    readonly province: string | null;
    readonly provinceCode: string | null;
    readonly zip: string | null;
    readonly countryCodeV2: CountryCode | null;
    readonly phone: string | null;
  } | null;
  readonly lineItems: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly sku: string | null;
      readonly name: string;
      readonly quantity: number;
      readonly currentQuantity: number;
      readonly unfulfilledQuantity: number;
      readonly requiresShipping: boolean;
      readonly variant: { readonly id: string } | null;
      readonly originalUnitPriceSet: {
        readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
      };
    }>;
  };
};

export type OrdersPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  changed: string;
  lines: number;
}>;

export type OrdersPageQuery = {
  readonly orders: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly name: string;
      readonly createdAt: string;
      readonly updatedAt: string;
      readonly cancelledAt: string | null;
      readonly cancelReason: OrderCancelReason | null;
      readonly displayFinancialStatus: OrderDisplayFinancialStatus | null;
      readonly displayFulfillmentStatus: OrderDisplayFulfillmentStatus;
      readonly email: string | null;
      readonly note: string | null;
      readonly tags: ReadonlyArray<string>;
      readonly totalPriceSet: {
        readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
      };
      readonly shippingLine: { readonly title: string } | null;
      readonly shippingAddress: {
        readonly name: string | null;
        readonly company: string | null;
        readonly address1: string | null;
        readonly address2: string | null;
        readonly city: string | null;
        readonly province: string | null;
        readonly provinceCode: string | null;
        readonly zip: string | null;
        readonly countryCodeV2: CountryCode | null;
        readonly phone: string | null;
      } | null;
      readonly lineItems: {
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
        readonly nodes: ReadonlyArray<{
          readonly id: string;
          readonly sku: string | null;
          readonly name: string;
          readonly quantity: number;
          readonly currentQuantity: number;
          readonly unfulfilledQuantity: number;
          readonly requiresShipping: boolean;
          readonly variant: { readonly id: string } | null;
          readonly originalUnitPriceSet: {
            readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
          };
        }>;
      };
    }>;
  };
};

export type OrderByIdQueryVariables = Exact<{
  id: string;
  lines: number;
}>;

export type OrderByIdQuery = {
  readonly order: {
    readonly id: string;
    readonly name: string;
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly cancelledAt: string | null;
    readonly cancelReason: OrderCancelReason | null;
    readonly displayFinancialStatus: OrderDisplayFinancialStatus | null;
    readonly displayFulfillmentStatus: OrderDisplayFulfillmentStatus;
    readonly email: string | null;
    readonly note: string | null;
    readonly tags: ReadonlyArray<string>;
    readonly totalPriceSet: {
      readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
    };
    readonly shippingLine: { readonly title: string } | null;
    readonly shippingAddress: {
      readonly name: string | null;
      readonly company: string | null;
      readonly address1: string | null;
      readonly address2: string | null;
      readonly city: string | null;
      readonly province: string | null;
      readonly provinceCode: string | null;
      readonly zip: string | null;
      readonly countryCodeV2: CountryCode | null;
      readonly phone: string | null;
    } | null;
    readonly lineItems: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly id: string;
        readonly sku: string | null;
        readonly name: string;
        readonly quantity: number;
        readonly currentQuantity: number;
        readonly unfulfilledQuantity: number;
        readonly requiresShipping: boolean;
        readonly variant: { readonly id: string } | null;
        readonly originalUnitPriceSet: {
          readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
        };
      }>;
    };
  } | null;
};

export type MoreLinesOfOrderQueryVariables = Exact<{
  id: string;
  lines: number;
  after?: string | null | undefined;
}>;

export type MoreLinesOfOrderQuery = {
  readonly order: {
    readonly lineItems: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly id: string;
        readonly sku: string | null;
        readonly name: string;
        readonly quantity: number;
        readonly currentQuantity: number;
        readonly unfulfilledQuantity: number;
        readonly requiresShipping: boolean;
        readonly variant: { readonly id: string } | null;
        readonly originalUnitPriceSet: {
          readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
        };
      }>;
    };
  } | null;
};

export type OrderCancellationQueryVariables = Exact<{
  id: string;
}>;

export type OrderCancellationQuery = {
  readonly order: { readonly id: string; readonly cancelledAt: string | null } | null;
};

export type CancelOrderMutationVariables = Exact<{
  id: string;
  reason: OrderCancelReason;
  refund: OrderCancelRefundMethodInput;
  note?: string | null | undefined;
}>;

export type CancelOrderMutation = {
  readonly orderCancel: {
    readonly job: { readonly id: string; readonly done: boolean } | null;
    readonly orderCancelUserErrors: ReadonlyArray<{
      readonly code: OrderCancelUserErrorCode | null;
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type ShopIdentityQueryVariables = Exact<{ [key: string]: never }>;

export type ShopIdentityQuery = {
  readonly shop: {
    readonly name: string;
    readonly myshopifyDomain: string;
    readonly currencyCode: CurrencyCode;
    readonly ianaTimezone: string;
  };
};

export type LevelFieldsFragment = {
  readonly location: { readonly id: string };
  readonly quantities: ReadonlyArray<{ readonly name: string; readonly quantity: number }>;
};

export type VariantFieldsFragment = {
  readonly id: string;
  readonly sku: string | null;
  readonly barcode: string | null;
  readonly title: string;
  readonly price: string;
  readonly inventoryPolicy: ProductVariantInventoryPolicy;
  readonly product: { readonly id: string; readonly title: string; readonly status: ProductStatus };
  readonly inventoryItem: {
    readonly id: string;
    readonly tracked: boolean;
    readonly measurement: {
      readonly weight: { readonly unit: WeightUnit; readonly value: number } | null;
    };
    readonly inventoryLevels: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly location: { readonly id: string };
        readonly quantities: ReadonlyArray<{ readonly name: string; readonly quantity: number }>;
      }>;
    };
  };
};

export type VariantsPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  levels: number;
}>;

export type VariantsPageQuery = {
  readonly shop: { readonly currencyCode: CurrencyCode };
  readonly productVariants: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly sku: string | null;
      readonly barcode: string | null;
      readonly title: string;
      readonly price: string;
      readonly inventoryPolicy: ProductVariantInventoryPolicy;
      readonly product: {
        readonly id: string;
        readonly title: string;
        readonly status: ProductStatus;
      };
      readonly inventoryItem: {
        readonly id: string;
        readonly tracked: boolean;
        readonly measurement: {
          readonly weight: { readonly unit: WeightUnit; readonly value: number } | null;
        };
        readonly inventoryLevels: {
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
          readonly nodes: ReadonlyArray<{
            readonly location: { readonly id: string };
            readonly quantities: ReadonlyArray<{
              readonly name: string;
              readonly quantity: number;
            }>;
          }>;
        };
      };
    }>;
  };
};

export type VariantByIdQueryVariables = Exact<{
  id: string;
  levels: number;
}>;

export type VariantByIdQuery = {
  readonly shop: { readonly currencyCode: CurrencyCode };
  readonly productVariant: {
    readonly id: string;
    readonly sku: string | null;
    readonly barcode: string | null;
    readonly title: string;
    readonly price: string;
    readonly inventoryPolicy: ProductVariantInventoryPolicy;
    readonly product: {
      readonly id: string;
      readonly title: string;
      readonly status: ProductStatus;
    };
    readonly inventoryItem: {
      readonly id: string;
      readonly tracked: boolean;
      readonly measurement: {
        readonly weight: { readonly unit: WeightUnit; readonly value: number } | null;
      };
      readonly inventoryLevels: {
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
        readonly nodes: ReadonlyArray<{
          readonly location: { readonly id: string };
          readonly quantities: ReadonlyArray<{ readonly name: string; readonly quantity: number }>;
        }>;
      };
    };
  } | null;
};

export const FulfillmentOrdersOfOrder: Operation<
  FulfillmentOrdersOfOrderQuery,
  FulfillmentOrdersOfOrderQueryVariables
> = {
  name: 'FulfillmentOrdersOfOrder',
  text: 'query FulfillmentOrdersOfOrder($id:ID!$first:Int!$after:String$lines:Int!){order(id:$id){fulfillmentOrders(first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{id status assignedLocation{location{id}}supportedActions{action}lineItems(first:$lines){pageInfo{hasNextPage endCursor}nodes{...WorkLineFields}}}}}}fragment WorkLineFields on FulfillmentOrderLineItem{id remainingQuantity lineItem{id}}',
};

export const MoreLinesOfFulfillmentOrder: Operation<
  MoreLinesOfFulfillmentOrderQuery,
  MoreLinesOfFulfillmentOrderQueryVariables
> = {
  name: 'MoreLinesOfFulfillmentOrder',
  text: 'query MoreLinesOfFulfillmentOrder($id:ID!$lines:Int!$after:String){fulfillmentOrder(id:$id){lineItems(first:$lines after:$after){pageInfo{hasNextPage endCursor}nodes{...WorkLineFields}}}}fragment WorkLineFields on FulfillmentOrderLineItem{id remainingQuantity lineItem{id}}',
};

export const FulfillmentsOfOrder: Operation<
  FulfillmentsOfOrderQuery,
  FulfillmentsOfOrderQueryVariables
> = {
  name: 'FulfillmentsOfOrder',
  text: 'query FulfillmentsOfOrder($id:ID!$first:Int!){order(id:$id){fulfillments(first:$first){id status createdAt trackingInfo(first:5){number}}}}',
};

export const LinesOfFulfillment: Operation<
  LinesOfFulfillmentQuery,
  LinesOfFulfillmentQueryVariables
> = {
  name: 'LinesOfFulfillment',
  text: 'query LinesOfFulfillment($id:ID!$lines:Int!$after:String){fulfillment(id:$id){fulfillmentLineItems(first:$lines after:$after){pageInfo{hasNextPage endCursor}nodes{quantity lineItem{id}}}}}',
};

export const MoveFulfillmentOrder: Operation<
  MoveFulfillmentOrderMutation,
  MoveFulfillmentOrderMutationVariables
> = {
  name: 'MoveFulfillmentOrder',
  text: 'mutation MoveFulfillmentOrder($id:ID!$location:ID!$lines:[FulfillmentOrderLineItemInput!]){fulfillmentOrderMove(id:$id newLocationId:$location fulfillmentOrderLineItems:$lines){movedFulfillmentOrder{id}userErrors{code field message}}}',
};

export const CreateFulfillment: Operation<
  CreateFulfillmentMutation,
  CreateFulfillmentMutationVariables
> = {
  name: 'CreateFulfillment',
  text: 'mutation CreateFulfillment($fulfillment:FulfillmentInput!){fulfillmentCreate(fulfillment:$fulfillment){fulfillment{id}userErrors{field message}}}',
};

export const LevelsOfItems: Operation<LevelsOfItemsQuery, LevelsOfItemsQueryVariables> = {
  name: 'LevelsOfItems',
  text: 'query LevelsOfItems($ids:[ID!]!$levels:Int!){nodes(ids:$ids){...on InventoryItem{id tracked inventoryLevels(first:$levels){pageInfo{hasNextPage endCursor}nodes{...LevelFields}}}}}fragment LevelFields on InventoryLevel{location{id}quantities(names:["available" "committed"]){name quantity}}',
};

export const MoreLevelsOfItem: Operation<MoreLevelsOfItemQuery, MoreLevelsOfItemQueryVariables> = {
  name: 'MoreLevelsOfItem',
  text: 'query MoreLevelsOfItem($id:ID!$levels:Int!$after:String){inventoryItem(id:$id){inventoryLevels(first:$levels after:$after){pageInfo{hasNextPage endCursor}nodes{...LevelFields}}}}fragment LevelFields on InventoryLevel{location{id}quantities(names:["available" "committed"]){name quantity}}',
};

export const SetInventory: Operation<SetInventoryMutation, SetInventoryMutationVariables> = {
  name: 'SetInventory',
  text: 'mutation SetInventory($input:InventorySetQuantitiesInput!$key:String!){inventorySetQuantities(input:$input)@idempotent(key:$key){inventoryAdjustmentGroup{id}userErrors{code field message}}}',
};

export const ActivateInventory: Operation<
  ActivateInventoryMutation,
  ActivateInventoryMutationVariables
> = {
  name: 'ActivateInventory',
  text: 'mutation ActivateInventory($item:ID!$location:ID!$key:String!){inventoryActivate(inventoryItemId:$item locationId:$location)@idempotent(key:$key){inventoryLevel{id}userErrors{field message}}}',
};

export const LocationsPage: Operation<LocationsPageQuery, LocationsPageQueryVariables> = {
  name: 'LocationsPage',
  text: 'query LocationsPage($first:Int!$after:String){locations(first:$first after:$after includeInactive:true includeLegacy:true){pageInfo{hasNextPage endCursor}nodes{id name isActive isFulfillmentService address{address1 address2 city provinceCode zip countryCode phone latitude longitude}}}}',
};

export const OrdersPage: Operation<OrdersPageQuery, OrdersPageQueryVariables> = {
  name: 'OrdersPage',
  text: 'query OrdersPage($first:Int!$after:String$changed:String!$lines:Int!){orders(first:$first after:$after query:$changed sortKey:UPDATED_AT){pageInfo{hasNextPage endCursor}nodes{...OrderFields}}}fragment OrderFields on Order{id name createdAt updatedAt cancelledAt cancelReason displayFinancialStatus displayFulfillmentStatus email note tags totalPriceSet{shopMoney{amount currencyCode}}shippingLine{title}shippingAddress{name company address1 address2 city province provinceCode zip countryCodeV2 phone}lineItems(first:$lines){pageInfo{hasNextPage endCursor}nodes{...OrderLineFields}}}fragment OrderLineFields on LineItem{id sku name quantity currentQuantity unfulfilledQuantity requiresShipping variant{id}originalUnitPriceSet{shopMoney{amount currencyCode}}}',
};

export const OrderById: Operation<OrderByIdQuery, OrderByIdQueryVariables> = {
  name: 'OrderById',
  text: 'query OrderById($id:ID!$lines:Int!){order(id:$id){...OrderFields}}fragment OrderFields on Order{id name createdAt updatedAt cancelledAt cancelReason displayFinancialStatus displayFulfillmentStatus email note tags totalPriceSet{shopMoney{amount currencyCode}}shippingLine{title}shippingAddress{name company address1 address2 city province provinceCode zip countryCodeV2 phone}lineItems(first:$lines){pageInfo{hasNextPage endCursor}nodes{...OrderLineFields}}}fragment OrderLineFields on LineItem{id sku name quantity currentQuantity unfulfilledQuantity requiresShipping variant{id}originalUnitPriceSet{shopMoney{amount currencyCode}}}',
};

export const MoreLinesOfOrder: Operation<MoreLinesOfOrderQuery, MoreLinesOfOrderQueryVariables> = {
  name: 'MoreLinesOfOrder',
  text: 'query MoreLinesOfOrder($id:ID!$lines:Int!$after:String){order(id:$id){lineItems(first:$lines after:$after){pageInfo{hasNextPage endCursor}nodes{...OrderLineFields}}}}fragment OrderLineFields on LineItem{id sku name quantity currentQuantity unfulfilledQuantity requiresShipping variant{id}originalUnitPriceSet{shopMoney{amount currencyCode}}}',
};

export const OrderCancellation: Operation<OrderCancellationQuery, OrderCancellationQueryVariables> =
  {
    name: 'OrderCancellation',
    text: 'query OrderCancellation($id:ID!){order(id:$id){id cancelledAt}}',
  };

export const CancelOrder: Operation<CancelOrderMutation, CancelOrderMutationVariables> = {
  name: 'CancelOrder',
  text: 'mutation CancelOrder($id:ID!$reason:OrderCancelReason!$refund:OrderCancelRefundMethodInput!$note:String){orderCancel(orderId:$id reason:$reason restock:true refundMethod:$refund notifyCustomer:false staffNote:$note){job{id done}orderCancelUserErrors{code field message}}}',
};

export const ShopIdentity: Operation<ShopIdentityQuery, ShopIdentityQueryVariables> = {
  name: 'ShopIdentity',
  text: 'query ShopIdentity{shop{name myshopifyDomain currencyCode ianaTimezone}}',
};

export const VariantsPage: Operation<VariantsPageQuery, VariantsPageQueryVariables> = {
  name: 'VariantsPage',
  text: 'query VariantsPage($first:Int!$after:String$levels:Int!){shop{currencyCode}productVariants(first:$first after:$after sortKey:ID){pageInfo{hasNextPage endCursor}nodes{...VariantFields}}}fragment VariantFields on ProductVariant{id sku barcode title price inventoryPolicy product{id title status}inventoryItem{id tracked measurement{weight{unit value}}inventoryLevels(first:$levels){pageInfo{hasNextPage endCursor}nodes{...LevelFields}}}}fragment LevelFields on InventoryLevel{location{id}quantities(names:["available" "committed"]){name quantity}}',
};

export const VariantById: Operation<VariantByIdQuery, VariantByIdQueryVariables> = {
  name: 'VariantById',
  text: 'query VariantById($id:ID!$levels:Int!){shop{currencyCode}productVariant(id:$id){...VariantFields}}fragment VariantFields on ProductVariant{id sku barcode title price inventoryPolicy product{id title status}inventoryItem{id tracked measurement{weight{unit value}}inventoryLevels(first:$levels){pageInfo{hasNextPage endCursor}nodes{...LevelFields}}}}fragment LevelFields on InventoryLevel{location{id}quantities(names:["available" "committed"]){name quantity}}',
};

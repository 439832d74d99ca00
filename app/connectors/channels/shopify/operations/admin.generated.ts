/**
 * Generated from the .graphql documents in this folder and Shopify's published Admin schema.
 * Do not edit: change a document and run `npm run codegen`.
 */
import type { Operation } from '../client';

type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type BulkOperationErrorCode = 'ACCESS_DENIED' | 'INTERNAL_SERVER_ERROR' | 'TIMEOUT';

export type BulkOperationStatus =
  'CANCELED' | 'CANCELING' | 'COMPLETED' | 'CREATED' | 'EXPIRED' | 'FAILED' | 'RUNNING';

export type BulkOperationUserErrorCode = 'INVALID' | 'LIMIT_REACHED' | 'OPERATION_IN_PROGRESS';

export type CountryCode = string;

export type CountryHarmonizedSystemCodeInput = {
  readonly countryCode?: CountryCode | null | undefined;
  readonly harmonizedSystemCode: string;
};

export type CurrencyCode = string;

export type FulfillmentHoldReason =
  | 'AWAITING_PAYMENT'
  | 'AWAITING_RETURN_ITEMS'
  | 'HIGH_RISK_OF_FRAUD'
  | 'INCORRECT_ADDRESS'
  | 'INVENTORY_OUT_OF_STOCK'
  | 'ONLINE_STORE_POST_PURCHASE_CROSS_SELL'
  | 'OTHER'
  | 'UNKNOWN_DELIVERY_DATE';

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

export type FulfillmentOrderHoldInput = {
  readonly externalId?: string | null | undefined;
  readonly fulfillmentOrderLineItems?:
    ReadonlyArray<FulfillmentOrderLineItemInput> | null | undefined;
  readonly handle?: string | null | undefined;
  readonly notifyMerchant?: boolean | null | undefined;
  readonly reason: FulfillmentHoldReason;
  readonly reasonNotes?: string | null | undefined;
};

export type FulfillmentOrderHoldUserErrorCode =
  | 'DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS'
  | 'DUPLICATE_FULFILLMENT_HOLD_HANDLE'
  | 'FULFILLMENT_ORDER_HOLD_LIMIT_REACHED'
  | 'FULFILLMENT_ORDER_NOT_FOUND'
  | 'FULFILLMENT_ORDER_NOT_SPLITTABLE'
  | 'GREATER_THAN_ZERO'
  | 'INVALID_LINE_ITEM_QUANTITY'
  | 'TAKEN';

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

export type FulfillmentOrderReleaseHoldUserErrorCode =
  'FULFILLMENT_ORDER_NOT_FOUND' | 'INVALID_ACCESS';

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

export type InventoryAdjustmentInput = {
  readonly adjustment?: number | null | undefined;
  readonly changeFromQuantity?: number | null | undefined;
  readonly locationId: string;
};

export type InventoryItemInput = {
  readonly cost?: string | null | undefined;
  readonly countryCodeOfOrigin?: CountryCode | null | undefined;
  readonly countryHarmonizedSystemCodes?:
    ReadonlyArray<CountryHarmonizedSystemCodeInput> | null | undefined;
  readonly harmonizedSystemCode?: string | null | undefined;
  readonly measurement?: InventoryItemMeasurementInput | null | undefined;
  readonly provinceCodeOfOrigin?: string | null | undefined;
  readonly requiresShipping?: boolean | null | undefined;
  readonly sku?: string | null | undefined;
  readonly tracked?: boolean | null | undefined;
};

export type InventoryItemMeasurementInput = {
  readonly shippingPackageId?: string | null | undefined;
  readonly weight?: WeightInput | null | undefined;
};

export type InventoryLevelInput = {
  readonly availableQuantity: number;
  readonly locationId: string;
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

export type MetafieldInput = {
  readonly id?: string | null | undefined;
  readonly key?: string | null | undefined;
  readonly namespace?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly value?: string | null | undefined;
};

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

export type OrderRiskRecommendationResult = 'ACCEPT' | 'CANCEL' | 'INVESTIGATE' | 'NONE';

export type ProductStatus = 'ACTIVE' | 'ARCHIVED' | 'DRAFT' | 'UNLISTED';

export type ProductVariantInventoryPolicy = 'CONTINUE' | 'DENY';

export type ProductVariantsBulkInput = {
  readonly barcode?: string | null | undefined;
  readonly compareAtPrice?: string | null | undefined;
  readonly id?: string | null | undefined;
  readonly inventoryItem?: InventoryItemInput | null | undefined;
  readonly inventoryPolicy?: ProductVariantInventoryPolicy | null | undefined;
  readonly inventoryQuantities?: ReadonlyArray<InventoryLevelInput> | null | undefined;
  readonly mediaId?: string | null | undefined;
  readonly mediaSrc?: ReadonlyArray<string> | null | undefined;
  readonly metafields?: ReadonlyArray<MetafieldInput> | null | undefined;
  readonly optionValues?: ReadonlyArray<VariantOptionValueInput> | null | undefined;
  readonly price?: string | null | undefined;
  readonly published?: boolean | null | undefined;
  readonly quantityAdjustments?: ReadonlyArray<InventoryAdjustmentInput> | null | undefined;
  readonly requiresComponents?: boolean | null | undefined;
  readonly showUnitPrice?: boolean | null | undefined;
  readonly taxCode?: string | null | undefined;
  readonly taxable?: boolean | null | undefined;
  readonly unitPriceMeasurement?: UnitPriceMeasurementInput | null | undefined;
};

export type ProductVariantsBulkUpdateUserErrorCode =
  | 'BLANK'
  | 'CANNOT_SET_NAME_FOR_LINKED_OPTION_VALUE'
  | 'CANNOT_SPECIFY_BOTH'
  | 'GREATER_THAN_OR_EQUAL_TO'
  | 'INVALID_INPUT'
  | 'INVALID_VALUE'
  | 'INVENTORY_QUANTITIES_LIMIT_EXCEEDED'
  | 'LOCAL_CURRENCY_GIFT_CARD_PRICE_MUST_BE_ZERO'
  | 'MUST_BE_FOR_THIS_PRODUCT'
  | 'MUST_SPECIFY_ONE_OF_PAIR'
  | 'NEED_TO_ADD_OPTION_VALUES'
  | 'NEGATIVE_PRICE_VALUE'
  | 'NOT_DEFINED_FOR_SHOP'
  | 'NO_INVENTORY_QUANTITES_DURING_UPDATE'
  | 'NO_INVENTORY_QUANTITIES_ON_VARIANTS_UPDATE'
  | 'OPTION_DOES_NOT_EXIST'
  | 'OPTION_VALUES_FOR_NUMBER_OF_UNKNOWN_OPTIONS'
  | 'OPTION_VALUE_DOES_NOT_EXIST'
  | 'OPTION_VALUE_NAME_TOO_LONG'
  | 'PRODUCT_DOES_NOT_EXIST'
  | 'PRODUCT_SUSPENDED'
  | 'PRODUCT_VARIANT_DOES_NOT_EXIST'
  | 'PRODUCT_VARIANT_ID_MISSING'
  | 'SUBSCRIPTION_VIOLATION'
  | 'TOO_LONG'
  | 'TOO_SHORT'
  | 'UNSUPPORTED_COMBINED_LISTING_PARENT_OPERATION'
  | 'VARIANT_ALREADY_EXISTS';

export type RefundLineItemRestockType = 'CANCEL' | 'LEGACY_RESTOCK' | 'NO_RESTOCK' | 'RETURN';

export type RiskAssessmentResult = 'HIGH' | 'LOW' | 'MEDIUM' | 'NONE' | 'PENDING';

export type UnitPriceMeasurementInput = {
  readonly quantityUnit?: UnitPriceMeasurementMeasuredUnit | null | undefined;
  readonly quantityValue?: number | null | undefined;
  readonly referenceUnit?: UnitPriceMeasurementMeasuredUnit | null | undefined;
  readonly referenceValue?: number | null | undefined;
};

export type UnitPriceMeasurementMeasuredUnit =
  | 'CL'
  | 'CM'
  | 'FLOZ'
  | 'FT'
  | 'FT2'
  | 'G'
  | 'GAL'
  | 'IN'
  | 'ITEM'
  | 'KG'
  | 'L'
  | 'LB'
  | 'M'
  | 'M2'
  | 'M3'
  | 'MG'
  | 'ML'
  | 'MM'
  | 'OZ'
  | 'PT'
  | 'QT'
  | 'UNKNOWN'
  | 'YD';

export type VariantOptionValueInput = {
  readonly id?: string | null | undefined;
  readonly linkedMetafieldValue?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly optionId?: string | null | undefined;
  readonly optionName?: string | null | undefined;
};

export type WeightInput = {
  readonly unit: WeightUnit;
  readonly value: number;
};

export type WeightUnit = 'GRAMS' | 'KILOGRAMS' | 'OUNCES' | 'POUNDS';

export type SetInventoryPolicyMutationVariables = Exact<{
  product: string;
  variants: ReadonlyArray<ProductVariantsBulkInput> | ProductVariantsBulkInput;
}>;

export type SetInventoryPolicyMutation = {
  readonly productVariantsBulkUpdate: {
    readonly productVariants: ReadonlyArray<{ readonly id: string }> | null;
    readonly userErrors: ReadonlyArray<{
      readonly code: ProductVariantsBulkUpdateUserErrorCode | null;
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type ListingsExportQueryVariables = Exact<{ [key: string]: never }>;

export type ListingsExportQuery = {
  readonly productVariants: {
    readonly edges: ReadonlyArray<{
      readonly node: {
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
            readonly edges: ReadonlyArray<{
              readonly node: {
                readonly id: string;
                readonly location: { readonly id: string };
                readonly quantities: ReadonlyArray<{
                  readonly name: string;
                  readonly quantity: number;
                }>;
              };
            }>;
          };
        };
      };
    }>;
  };
};

export type StartExportMutationVariables = Exact<{
  query: string;
}>;

export type StartExportMutation = {
  readonly bulkOperationRunQuery: {
    readonly bulkOperation: { readonly id: string } | null;
    readonly userErrors: ReadonlyArray<{
      readonly code: BulkOperationUserErrorCode | null;
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type RunningExportsQueryVariables = Exact<{ [key: string]: never }>;

export type RunningExportsQuery = {
  readonly bulkOperations: {
    readonly nodes: ReadonlyArray<{
      readonly id: string;
      readonly status: BulkOperationStatus;
      readonly query: string;
    }>;
  };
};

export type ExportStatusQueryVariables = Exact<{
  id: string;
}>;

export type ExportStatusQuery = {
  readonly shop: { readonly currencyCode: CurrencyCode };
  readonly bulkOperation: {
    readonly status: BulkOperationStatus;
    readonly errorCode: BulkOperationErrorCode | null;
    readonly rootObjectCount: string;
    readonly fileSize: string | null;
    readonly url: string | null;
  } | null;
};

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
        readonly fulfillAt: string | null;
        readonly fulfillmentHolds: ReadonlyArray<{
          readonly id: string;
          readonly reason: FulfillmentHoldReason;
          readonly reasonNotes: string | null;
          readonly handle: string | null;
          readonly heldByRequestingApp: boolean;
        }>;
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

export type OrderOfFulfillmentOrderQueryVariables = Exact<{
  id: string;
}>;

export type OrderOfFulfillmentOrderQuery = {
  readonly fulfillmentOrder: { readonly orderId: string } | null;
};

export type HoldFulfillmentOrderMutationVariables = Exact<{
  id: string;
  hold: FulfillmentOrderHoldInput;
}>;

export type HoldFulfillmentOrderMutation = {
  readonly fulfillmentOrderHold: {
    readonly fulfillmentHold: { readonly id: string } | null;
    readonly userErrors: ReadonlyArray<{
      readonly code: FulfillmentOrderHoldUserErrorCode | null;
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type ReleaseHoldsMutationVariables = Exact<{
  id: string;
  holds: ReadonlyArray<string> | string;
}>;

export type ReleaseHoldsMutation = {
  readonly fulfillmentOrderReleaseHold: {
    readonly fulfillmentOrder: { readonly id: string } | null;
    readonly userErrors: ReadonlyArray<{
      readonly code: FulfillmentOrderReleaseHoldUserErrorCode | null;
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
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
  readonly risk: {
    readonly recommendation: OrderRiskRecommendationResult;
    readonly assessments: ReadonlyArray<{ readonly riskLevel: RiskAssessmentResult }>;
  };
  readonly refunds: ReadonlyArray<{ readonly id: string }>;
  readonly fulfillmentOrders: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: ReadonlyArray<{ readonly id: string; readonly status: FulfillmentOrderStatus }>;
  };
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
      readonly risk: {
        readonly recommendation: OrderRiskRecommendationResult;
        readonly assessments: ReadonlyArray<{ readonly riskLevel: RiskAssessmentResult }>;
      };
      readonly refunds: ReadonlyArray<{ readonly id: string }>;
      readonly fulfillmentOrders: {
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
        readonly nodes: ReadonlyArray<{
          readonly id: string;
          readonly status: FulfillmentOrderStatus;
        }>;
      };
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

export type OrderVersionsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  changed: string;
}>;

export type OrderVersionsQuery = {
  readonly orders: {
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly nodes: ReadonlyArray<{ readonly id: string; readonly updatedAt: string }>;
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
    readonly risk: {
      readonly recommendation: OrderRiskRecommendationResult;
      readonly assessments: ReadonlyArray<{ readonly riskLevel: RiskAssessmentResult }>;
    };
    readonly refunds: ReadonlyArray<{ readonly id: string }>;
    readonly fulfillmentOrders: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly id: string;
        readonly status: FulfillmentOrderStatus;
      }>;
    };
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

export type RefundsOfOrderQueryVariables = Exact<{
  id: string;
  first: number;
}>;

export type RefundsOfOrderQuery = {
  readonly order: {
    readonly refunds: ReadonlyArray<{
      readonly id: string;
      readonly createdAt: string | null;
      readonly totalRefundedSet: {
        readonly shopMoney: { readonly amount: string; readonly currencyCode: CurrencyCode };
      };
    }>;
  } | null;
};

export type RefundLineFieldsFragment = {
  readonly quantity: number;
  readonly restockType: RefundLineItemRestockType;
  readonly lineItem: { readonly id: string };
  readonly location: { readonly id: string } | null;
};

export type LinesOfRefundsQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
  lines: number;
}>;

export type LinesOfRefundsQuery = {
  readonly nodes: ReadonlyArray<
    | {
        readonly id: string;
        readonly refundLineItems: {
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
          readonly nodes: ReadonlyArray<{
            readonly quantity: number;
            readonly restockType: RefundLineItemRestockType;
            readonly lineItem: { readonly id: string };
            readonly location: { readonly id: string } | null;
          }>;
        };
      }
    | Record<PropertyKey, never>
    | null
  >;
};

export type MoreLinesOfRefundQueryVariables = Exact<{
  id: string;
  lines: number;
  after?: string | null | undefined;
}>;

export type MoreLinesOfRefundQuery = {
  readonly refund: {
    readonly refundLineItems: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: ReadonlyArray<{
        readonly quantity: number;
        readonly restockType: RefundLineItemRestockType;
        readonly lineItem: { readonly id: string };
        readonly location: { readonly id: string } | null;
      }>;
    };
  } | null;
};

export type OrderAnnotationsQueryVariables = Exact<{
  id: string;
}>;

export type OrderAnnotationsQuery = {
  readonly order: {
    readonly id: string;
    readonly note: string | null;
    readonly tags: ReadonlyArray<string>;
  } | null;
};

export type AddTagsMutationVariables = Exact<{
  id: string;
  tags: ReadonlyArray<string> | string;
}>;

export type AddTagsMutation = {
  readonly tagsAdd: {
    readonly node:
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | null;
    readonly userErrors: ReadonlyArray<{
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type RemoveTagsMutationVariables = Exact<{
  id: string;
  tags: ReadonlyArray<string> | string;
}>;

export type RemoveTagsMutation = {
  readonly tagsRemove: {
    readonly node:
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | { readonly id: string }
      | null;
    readonly userErrors: ReadonlyArray<{
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
  } | null;
};

export type UpdateNoteMutationVariables = Exact<{
  id: string;
  note: string;
}>;

export type UpdateNoteMutation = {
  readonly orderUpdate: {
    readonly order: { readonly id: string } | null;
    readonly userErrors: ReadonlyArray<{
      readonly field: ReadonlyArray<string> | null;
      readonly message: string;
    }>;
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
  readonly currentAppInstallation: {
    readonly accessScopes: ReadonlyArray<{ readonly handle: string }>;
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
  changed?: string | null | undefined;
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

export type VariantsOfProductQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
  levels: number;
}>;

export type VariantsOfProductQuery = {
  readonly shop: { readonly currencyCode: CurrencyCode };
  readonly product: {
    readonly variants: {
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
  } | null;
};

export type CountVariantsQueryVariables = Exact<{ [key: string]: never }>;

export type CountVariantsQuery = {
  readonly productVariantsCount: { readonly count: number } | null;
};

export const SetInventoryPolicy: Operation<
  SetInventoryPolicyMutation,
  SetInventoryPolicyMutationVariables
> = {
  name: 'SetInventoryPolicy',
  text: 'mutation SetInventoryPolicy($product:ID!$variants:[ProductVariantsBulkInput!]!){productVariantsBulkUpdate(productId:$product variants:$variants allowPartialUpdates:true){productVariants{id}userErrors{code field message}}}',
};

export const ListingsExport: Operation<ListingsExportQuery, ListingsExportQueryVariables> = {
  name: 'ListingsExport',
  text: 'query ListingsExport{productVariants{edges{node{id sku barcode title price inventoryPolicy product{id title status}inventoryItem{id tracked measurement{weight{unit value}}inventoryLevels{edges{node{id location{id}quantities(names:["available" "committed"]){name quantity}}}}}}}}}',
};

export const StartExport: Operation<StartExportMutation, StartExportMutationVariables> = {
  name: 'StartExport',
  text: 'mutation StartExport($query:String!){bulkOperationRunQuery(query:$query groupObjects:true){bulkOperation{id}userErrors{code field message}}}',
};

export const RunningExports: Operation<RunningExportsQuery, RunningExportsQueryVariables> = {
  name: 'RunningExports',
  text: 'query RunningExports{bulkOperations(first:10 query:"operation_type:query" sortKey:CREATED_AT reverse:true){nodes{id status query}}}',
};

export const ExportStatus: Operation<ExportStatusQuery, ExportStatusQueryVariables> = {
  name: 'ExportStatus',
  text: 'query ExportStatus($id:ID!){shop{currencyCode}bulkOperation(id:$id){status errorCode rootObjectCount fileSize url}}',
};

export const FulfillmentOrdersOfOrder: Operation<
  FulfillmentOrdersOfOrderQuery,
  FulfillmentOrdersOfOrderQueryVariables
> = {
  name: 'FulfillmentOrdersOfOrder',
  text: 'query FulfillmentOrdersOfOrder($id:ID!$first:Int!$after:String$lines:Int!){order(id:$id){fulfillmentOrders(first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{id status fulfillAt fulfillmentHolds{id reason reasonNotes handle heldByRequestingApp}assignedLocation{location{id}}supportedActions{action}lineItems(first:$lines){pageInfo{hasNextPage endCursor}nodes{...WorkLineFields}}}}}}fragment WorkLineFields on FulfillmentOrderLineItem{id remainingQuantity lineItem{id}}',
};

export const MoreLinesOfFulfillmentOrder: Operation<
  MoreLinesOfFulfillmentOrderQuery,
  MoreLinesOfFulfillmentOrderQueryVariables
> = {
  name: 'MoreLinesOfFulfillmentOrder',
  text: 'query MoreLinesOfFulfillmentOrder($id:ID!$lines:Int!$after:String){fulfillmentOrder(id:$id){lineItems(first:$lines after:$after){pageInfo{hasNextPage endCursor}nodes{...WorkLineFields}}}}fragment WorkLineFields on FulfillmentOrderLineItem{id remainingQuantity lineItem{id}}',
};

export const OrderOfFulfillmentOrder: Operation<
  OrderOfFulfillmentOrderQuery,
  OrderOfFulfillmentOrderQueryVariables
> = {
  name: 'OrderOfFulfillmentOrder',
  text: 'query OrderOfFulfillmentOrder($id:ID!){fulfillmentOrder(id:$id){orderId}}',
};

export const HoldFulfillmentOrder: Operation<
  HoldFulfillmentOrderMutation,
  HoldFulfillmentOrderMutationVariables
> = {
  name: 'HoldFulfillmentOrder',
  text: 'mutation HoldFulfillmentOrder($id:ID!$hold:FulfillmentOrderHoldInput!){fulfillmentOrderHold(id:$id fulfillmentHold:$hold){fulfillmentHold{id}userErrors{code field message}}}',
};

export const ReleaseHolds: Operation<ReleaseHoldsMutation, ReleaseHoldsMutationVariables> = {
  name: 'ReleaseHolds',
  text: 'mutation ReleaseHolds($id:ID!$holds:[ID!]!){fulfillmentOrderReleaseHold(id:$id holdIds:$holds){fulfillmentOrder{id}userErrors{code field message}}}',
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
  text: 'query OrdersPage($first:Int!$after:String$changed:String!$lines:Int!){orders(first:$first after:$after query:$changed sortKey:UPDATED_AT){pageInfo{hasNextPage endCursor}nodes{...OrderFields}}}fragment OrderFields on Order{id name createdAt updatedAt cancelledAt cancelReason displayFinancialStatus displayFulfillmentStatus email note tags totalPriceSet{shopMoney{amount currencyCode}}shippingLine{title}risk{recommendation assessments{riskLevel}}refunds(first:1){id}fulfillmentOrders(first:5){pageInfo{hasNextPage endCursor}nodes{id status}}shippingAddress{name company address1 address2 city province provinceCode zip countryCodeV2 phone}lineItems(first:$lines){pageInfo{hasNextPage endCursor}nodes{...OrderLineFields}}}fragment OrderLineFields on LineItem{id sku name quantity currentQuantity unfulfilledQuantity requiresShipping variant{id}originalUnitPriceSet{shopMoney{amount currencyCode}}}',
};

export const OrderVersions: Operation<OrderVersionsQuery, OrderVersionsQueryVariables> = {
  name: 'OrderVersions',
  text: 'query OrderVersions($first:Int!$after:String$changed:String!){orders(first:$first after:$after query:$changed sortKey:UPDATED_AT){pageInfo{hasNextPage endCursor}nodes{id updatedAt}}}',
};

export const OrderById: Operation<OrderByIdQuery, OrderByIdQueryVariables> = {
  name: 'OrderById',
  text: 'query OrderById($id:ID!$lines:Int!){order(id:$id){...OrderFields}}fragment OrderFields on Order{id name createdAt updatedAt cancelledAt cancelReason displayFinancialStatus displayFulfillmentStatus email note tags totalPriceSet{shopMoney{amount currencyCode}}shippingLine{title}risk{recommendation assessments{riskLevel}}refunds(first:1){id}fulfillmentOrders(first:5){pageInfo{hasNextPage endCursor}nodes{id status}}shippingAddress{name company address1 address2 city province provinceCode zip countryCodeV2 phone}lineItems(first:$lines){pageInfo{hasNextPage endCursor}nodes{...OrderLineFields}}}fragment OrderLineFields on LineItem{id sku name quantity currentQuantity unfulfilledQuantity requiresShipping variant{id}originalUnitPriceSet{shopMoney{amount currencyCode}}}',
};

export const MoreLinesOfOrder: Operation<MoreLinesOfOrderQuery, MoreLinesOfOrderQueryVariables> = {
  name: 'MoreLinesOfOrder',
  text: 'query MoreLinesOfOrder($id:ID!$lines:Int!$after:String){order(id:$id){lineItems(first:$lines after:$after){pageInfo{hasNextPage endCursor}nodes{...OrderLineFields}}}}fragment OrderLineFields on LineItem{id sku name quantity currentQuantity unfulfilledQuantity requiresShipping variant{id}originalUnitPriceSet{shopMoney{amount currencyCode}}}',
};

export const RefundsOfOrder: Operation<RefundsOfOrderQuery, RefundsOfOrderQueryVariables> = {
  name: 'RefundsOfOrder',
  text: 'query RefundsOfOrder($id:ID!$first:Int!){order(id:$id){refunds(first:$first){id createdAt totalRefundedSet{shopMoney{amount currencyCode}}}}}',
};

export const LinesOfRefunds: Operation<LinesOfRefundsQuery, LinesOfRefundsQueryVariables> = {
  name: 'LinesOfRefunds',
  text: 'query LinesOfRefunds($ids:[ID!]!$lines:Int!){nodes(ids:$ids){...on Refund{id refundLineItems(first:$lines){pageInfo{hasNextPage endCursor}nodes{...RefundLineFields}}}}}fragment RefundLineFields on RefundLineItem{quantity restockType lineItem{id}location{id}}',
};

export const MoreLinesOfRefund: Operation<MoreLinesOfRefundQuery, MoreLinesOfRefundQueryVariables> =
  {
    name: 'MoreLinesOfRefund',
    text: 'query MoreLinesOfRefund($id:ID!$lines:Int!$after:String){refund(id:$id){refundLineItems(first:$lines after:$after){pageInfo{hasNextPage endCursor}nodes{...RefundLineFields}}}}fragment RefundLineFields on RefundLineItem{quantity restockType lineItem{id}location{id}}',
  };

export const OrderAnnotations: Operation<OrderAnnotationsQuery, OrderAnnotationsQueryVariables> = {
  name: 'OrderAnnotations',
  text: 'query OrderAnnotations($id:ID!){order(id:$id){id note tags}}',
};

export const AddTags: Operation<AddTagsMutation, AddTagsMutationVariables> = {
  name: 'AddTags',
  text: 'mutation AddTags($id:ID!$tags:[String!]!){tagsAdd(id:$id tags:$tags){node{id}userErrors{field message}}}',
};

export const RemoveTags: Operation<RemoveTagsMutation, RemoveTagsMutationVariables> = {
  name: 'RemoveTags',
  text: 'mutation RemoveTags($id:ID!$tags:[String!]!){tagsRemove(id:$id tags:$tags){node{id}userErrors{field message}}}',
};

export const UpdateNote: Operation<UpdateNoteMutation, UpdateNoteMutationVariables> = {
  name: 'UpdateNote',
  text: 'mutation UpdateNote($id:ID!$note:String!){orderUpdate(input:{id:$id note:$note}){order{id}userErrors{field message}}}',
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
  text: 'query ShopIdentity{shop{name myshopifyDomain currencyCode ianaTimezone}currentAppInstallation{accessScopes{handle}}}',
};

export const VariantsPage: Operation<VariantsPageQuery, VariantsPageQueryVariables> = {
  name: 'VariantsPage',
  text: 'query VariantsPage($first:Int!$after:String$changed:String$levels:Int!){shop{currencyCode}productVariants(first:$first after:$after query:$changed sortKey:ID){pageInfo{hasNextPage endCursor}nodes{...VariantFields}}}fragment VariantFields on ProductVariant{id sku barcode title price inventoryPolicy product{id title status}inventoryItem{id tracked measurement{weight{unit value}}inventoryLevels(first:$levels){pageInfo{hasNextPage endCursor}nodes{...LevelFields}}}}fragment LevelFields on InventoryLevel{location{id}quantities(names:["available" "committed"]){name quantity}}',
};

export const VariantById: Operation<VariantByIdQuery, VariantByIdQueryVariables> = {
  name: 'VariantById',
  text: 'query VariantById($id:ID!$levels:Int!){shop{currencyCode}productVariant(id:$id){...VariantFields}}fragment VariantFields on ProductVariant{id sku barcode title price inventoryPolicy product{id title status}inventoryItem{id tracked measurement{weight{unit value}}inventoryLevels(first:$levels){pageInfo{hasNextPage endCursor}nodes{...LevelFields}}}}fragment LevelFields on InventoryLevel{location{id}quantities(names:["available" "committed"]){name quantity}}',
};

export const VariantsOfProduct: Operation<VariantsOfProductQuery, VariantsOfProductQueryVariables> =
  {
    name: 'VariantsOfProduct',
    text: 'query VariantsOfProduct($id:ID!$first:Int!$after:String$levels:Int!){shop{currencyCode}product(id:$id){variants(first:$first after:$after){pageInfo{hasNextPage endCursor}nodes{...VariantFields}}}}fragment VariantFields on ProductVariant{id sku barcode title price inventoryPolicy product{id title status}inventoryItem{id tracked measurement{weight{unit value}}inventoryLevels(first:$levels){pageInfo{hasNextPage endCursor}nodes{...LevelFields}}}}fragment LevelFields on InventoryLevel{location{id}quantities(names:["available" "committed"]){name quantity}}',
  };

export const CountVariants: Operation<CountVariantsQuery, CountVariantsQueryVariables> = {
  name: 'CountVariants',
  text: 'query CountVariants{productVariantsCount(limit:null){count}}',
};

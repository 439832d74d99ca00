/**
 * Goal: what we ask of Shopify is what Shopify published, and shopify.app.toml asks for exactly
 * the access and the webhooks the code uses. Method: validate against the real Admin schema.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { ApiVersion } from '@shopify/shopify-api';
import {
  getNamedType,
  isEnumType,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';

import { ADMIN_API_VERSION } from '#app/connectors/channels/shopify/client';
import * as generated from '#app/connectors/channels/shopify/operations/admin.generated';
import { complianceTopics, subscribedTopics } from '#app/connectors/channels/shopify/read-signal';
import {
  type AdminSchema,
  ADMIN_API_VERSION as SANDBOX_API_VERSION,
  loadAdminSchema,
} from '../sandbox/shopify/schema';
import {
  GENERATED_FILE,
  type OperationText,
  readOperations,
  splitOperations,
} from '../support/codegen-shopify';
import { type AppToml, readAppToml } from './shopify-setup';

let admin: AdminSchema;
let operations: readonly OperationText[];
let toml: AppToml;

beforeAll(async () => {
  admin = await loadAdminSchema();
  operations = splitOperations(await readOperations());
  toml = await readAppToml();
});

describe('operations', () => {
  it('are generated from the documents as they stand', async () => {
    // In a process of its own: the generator and the test would load graphql twice otherwise.
    const program = fileURLToPath(new URL('../support/codegen-shopify.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', program, '--print'],
    ]);
    expect(await readFile(GENERATED_FILE, 'utf8')).toBe(stdout);
  });

  it('are valid and use nothing deprecated in the published schema', () => {
    expect(operations.length).toBeGreaterThan(10);
    for (const { name, document } of operations) {
      const errors = validate(admin.schema, document, [...specifiedRules, NoDeprecatedCustomRule]);
      expect(
        errors.map(({ message }) => message),
        name,
      ).toEqual([]);
    }
  });

  it('are sent as they were validated', () => {
    const sent = new Map(Object.values(generated).map(({ name, text }) => [name, text]));
    expect([...sent.keys()].sort()).toEqual(operations.map(({ name }) => name).sort());
    for (const { name, document } of operations) {
      const text = sent.get(name) ?? '';
      expect(parse(text, { noLocation: true }).definitions.length).toBe(
        document.definitions.length,
      );
      expect(validate(admin.schema, parse(text)), name).toEqual([]);
    }
  });
});

describe('shopify.app.toml', () => {
  it('asks for the scopes the operations need and no other', () => {
    const scopes = toml.access_scopes.scopes.split(',');
    expect(unmetRules(scopes)).toEqual([]);
    for (const scope of scopes) {
      const without = scopes.filter((one) => one !== scope);
      expect(unmetRules(without), `${scope} is not needed`).not.toEqual([]);
    }
  });

  it('subscribes to exactly the topics that are understood, and to all compliance topics', () => {
    const { subscriptions } = toml.webhooks;
    expect(subscriptions.flatMap(({ topics }) => topics ?? []).sort()).toEqual(
      [...subscribedTopics].sort(),
    );
    const compliance = subscriptions.flatMap(({ compliance_topics }) => compliance_topics ?? []);
    expect(compliance.sort()).toEqual([...complianceTopics].sort());
    expect(compliance).toEqual(['customers/data_request', 'customers/redact', 'shop/redact']);
  });

  it('names only topics Shopify has', () => {
    const type = getNamedType(admin.schema.getType('WebhookSubscriptionTopic'));
    if (!isEnumType(type)) throw new Error('no enum of topics');
    const known = new Set(type.getValues().map(({ name }) => name));
    for (const topic of subscribedTopics) {
      expect(known, topic).toContain(topic.toUpperCase().replace('/', '_'));
    }
  });

  it('agrees with the client and the schema about the API version', () => {
    expect(toml.webhooks.api_version).toBe(ADMIN_API_VERSION);
    expect(SANDBOX_API_VERSION).toBe(ADMIN_API_VERSION);
    expect(Object.values(ApiVersion) as string[]).toContain(ADMIN_API_VERSION);
  });
});

/**
 * Rules of the schema file that the scopes leave unmet, as "Type.field: one of these". Any one
 * named scope opens a thing, except that fulfillment orders are kept in families: the merchant's
 * own places and other apps' places are both ours to route, so both are needed.
 */
function unmetRules(scopes: readonly string[]): string[] {
  const unmet = new Set<string>();
  for (const { where, alternatives } of usedRules()) {
    const family = /^(read|write)_merchant_managed_fulfillment_orders$/.exec(
      alternatives.find((scope) => scope.endsWith('_merchant_managed_fulfillment_orders')) ?? '',
    );
    const access = family?.[1];
    const needed =
      access === undefined || alternatives.includes('read_orders')
        ? [alternatives]
        : ['merchant_managed', 'third_party'].map((kind) => [
            `${access}_${kind}_fulfillment_orders`,
          ]);
    for (const oneOf of needed) {
      if (!oneOf.some((scope) => scopes.includes(scope))) unmet.add(`${where}: ${oneOf.join('|')}`);
    }
  }
  return [...unmet];
}

function usedRules(): { where: string; alternatives: readonly string[] }[] {
  const used = new Set<string>();
  for (const { document } of operations) {
    const typeInfo = new TypeInfo(admin.schema);
    visit(
      document,
      visitWithTypeInfo(typeInfo, {
        Field(node) {
          used.add(`${typeInfo.getParentType()?.name ?? ''}.${node.name.value}`);
          used.add(getNamedType(typeInfo.getType())?.name ?? '');
        },
        InlineFragment(node) {
          used.add(node.typeCondition?.name.value ?? '');
        },
      }),
    );
  }
  return admin.offlineScopes.flatMap(({ type, typeName, fieldName, offlineScopes }) => {
    const where = type === 'type' ? typeName : `${typeName}.${fieldName ?? ''}`;
    const applies = used.has(where) && offlineScopes.length > 0;
    return applies ? [{ where, alternatives: offlineScopes }] : [];
  });
}

import { GraphQLError } from 'graphql';

import type { OfflineScope } from '../schema';

export type ScopeRules = {
  /** Throws ACCESS_DENIED unless the token may read the field and what it returns. */
  check(granted: ReadonlySet<string>, parent: string, field: string, returned: string): void;
};

type Rule = { scopes: readonly string[]; requiredAccess: string };

/** Rules as the published schema file lists them: any one of the named scopes is enough. */
export function scopeRules(offlineScopes: readonly OfflineScope[]): ScopeRules {
  const rules = new Map<string, Rule>();
  for (const entry of offlineScopes) {
    if (entry.offlineScopes.length === 0) continue;
    const key = entry.type === 'type' ? entry.typeName : `${entry.typeName}.${entry.fieldName}`;
    rules.set(key, { scopes: entry.offlineScopes, requiredAccess: entry.requiredAccess });
  }
  return {
    check(granted, parent, field, returned) {
      for (const rule of [rules.get(`${parent}.${field}`), rules.get(returned)]) {
        if (rule === undefined || rule.scopes.some((scope) => granted.has(scope))) continue;
        throw new GraphQLError(
          `Access denied for ${field} field. Required access: ${rule.requiredAccess}`,
          { extensions: { code: 'ACCESS_DENIED', requiredAccess: rule.requiredAccess } },
        );
      }
    },
  };
}

/** What a token may do: a write scope brings the read scope of the same resource. */
export function effectiveScopes(scopes: readonly string[]): Set<string> {
  const all = new Set(scopes);
  for (const scope of scopes) {
    if (scope.startsWith('write_')) all.add(scope.replace('write_', 'read_'));
  }
  return all;
}

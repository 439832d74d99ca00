/**
 * Goal: what Shopify's command line tool would refuse at deployment is seen here. It checks more
 * (and needs a login), so this does not replace it.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse as parseToml } from 'smol-toml';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..', '..');
const folder = path.join(root, 'extensions');
const library = path.join(root, 'node_modules', '@shopify', 'ui-extensions');

type ExtensionToml = {
  readonly api_version: string;
  readonly extensions: readonly {
    readonly name: string;
    readonly description: string;
    readonly handle: string;
    readonly type: string;
    readonly targeting: readonly { readonly module: string; readonly target: string }[];
  }[];
};

const MISTAKE = 'export const badge = <s-badge tone="purple">Odd</s-badge>;\n';

const names = readdirSync(folder);
const tomls = names.map((name) => ({
  name,
  toml: readToml(path.join(folder, name, 'shopify.extension.toml')) as ExtensionToml,
}));

function readToml(file: string): unknown {
  return parseToml(readFileSync(file, 'utf8'));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

it('there is the order block', () => {
  expect(names).toContain('order-routing-block');
});

it('handles are unique and short enough', () => {
  const handles = tomls.flatMap(({ toml }) => toml.extensions.map(({ handle }) => handle));
  expect(new Set(handles).size).toBe(handles.length);
  for (const handle of handles) expect(handle).toMatch(/^[a-z0-9-]{1,30}$/);
});

describe.each(tomls)('$name', ({ name, toml }) => {
  it('is for the API version of the app, and of the installed library', () => {
    const app = readToml(path.join(root, 'shopify.app.toml')) as {
      readonly webhooks: { readonly api_version: string };
    };
    expect(toml.api_version).toBe(app.webhooks.api_version);
    const { version } = readJson(path.join(library, 'package.json')) as { version: string };
    const [year, month = ''] = version.split('.');
    expect(toml.api_version).toBe(`${String(year)}-${month.padStart(2, '0')}`);
  });

  it('names targets that exist and modules that are there', () => {
    for (const extension of toml.extensions) {
      expect(extension.type).toBe('ui_extension');
      for (const { module, target } of extension.targeting) {
        const declared = path.join(library, 'build/ts/surfaces/admin/targets', `${target}.d.ts`);
        expect(existsSync(declared), target).toBe(true);
        const source = readFileSync(path.join(folder, name, module), 'utf8');
        expect(source).toMatch(/^export default function /m);
        expect(source).toContain("import '@shopify/ui-extensions/preact';");
      }
    }
  });

  it('has the texts it names', () => {
    const texts = readJson(path.join(folder, name, 'locales', 'en.default.json'));
    for (const { name: title, description } of toml.extensions) {
      for (const text of [title, description]) {
        expect(texts).toHaveProperty(text.replace(/^t:/, ''), expect.any(String));
      }
    }
  });

  it("passes the type check with Shopify's own elements, which knows the tones of a badge", () => {
    expect(diagnose(name)).toEqual([
      expect.stringMatching(/^planted\.tsx Type '"purple"' is not assignable to type /),
    ]);
  });
});

/** What the compiler says by the extension's own settings, of it and of a planted mistake. */
function diagnose(name: string): string[] {
  const config = path.join(folder, name, 'tsconfig.json');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const parsed = ts.getParsedCommandLineOfConfigFile(config, {}, host);
  if (parsed === undefined) throw new Error(`${config} cannot be read.`);
  const planted = path.posix.join(path.posix.dirname(parsed.fileNames[0] ?? ''), 'planted.tsx');
  const compiler = ts.createCompilerHost(parsed.options);
  const { readFile, fileExists } = compiler;
  compiler.readFile = (file) => (file === planted ? MISTAKE : readFile(file));
  compiler.fileExists = (file) => file === planted || fileExists(file);
  const program = ts.createProgram([...parsed.fileNames, planted], parsed.options, compiler);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    return `${path.posix.basename(file?.fileName ?? '')} ${message}`;
  });
}

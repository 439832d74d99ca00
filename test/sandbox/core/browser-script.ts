import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const compiled = new Map<string, Promise<string>>();

/**
 * A browser script written in TypeScript (type imports only), as a plain classic script. Compiled
 * once per process, so the sandbox needs no build step.
 */
export function browserScript(file: URL): Promise<string> {
  const known = compiled.get(file.href) ?? compile(file);
  compiled.set(file.href, known);
  return known;
}

async function compile(file: URL): Promise<string> {
  // The compiler is large: only a sandbox that serves a page loads it.
  const { default: ts } = await import('typescript');
  const source = await readFile(fileURLToPath(file), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  return `(() => {\n${outputText.replace(/^export \{\};?$/m, '')}\n})();\n`;
}

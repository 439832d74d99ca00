/** In which order test files are started, so that no worker is left alone with a long one. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Folders whose files take longest, first. Where nothing is remembered of an earlier run, as on a
 * fresh clone, vitest goes by the size of files, which says nothing about how long they take.
 */
const FOLDERS = ['/test/simulation/', '/test/e2e/', '/test/property/', '/test/integration/'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted].sort((left, right) => rank(left.moduleId) - rank(right.moduleId));
  }
}

function rank(path: string): number {
  const found = FOLDERS.findIndex((folder) => path.includes(folder));
  return found === -1 ? FOLDERS.length : found;
}

/**
 * `npm run audit:packages`: asks the registry which packages of the lockfile, as the running
 * product uses them, have known weaknesses. Exit code 1 when one is high or critical, 3 when the
 * registry did not answer, so that nothing is known.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const GRAVE = ['high', 'critical'];
const MINUTES_MAX = 3;

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const used = Object.entries(packages).filter(([path, { dev, link }]) => path && !dev && !link);
const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
  timeout: MINUTES_MAX * 60_000,
});
const answer = parse(stdout);
if (answer?.metadata?.vulnerabilities === undefined) {
  const why = answer?.message ?? answer?.error?.summary ?? stderr.trim().split('\n')[0];
  console.error(`NOT CHECKED: the registry did not answer (${why || 'no reason given'}).`);
  console.error(`Nothing is known about the ${String(used.length)} packages. Run it where the`);
  console.error('registry answers "npm audit", or compare the lockfile with advisories otherwise.');
  process.exit(3);
}

const found = Object.values(answer.vulnerabilities ?? {});
for (const { name, severity, range, via } of found) {
  const titles = via.flatMap((one) => (typeof one === 'string' ? [] : [one.title]));
  console.log(`${severity}: ${name} ${range}${titles.length > 0 ? `: ${titles.join('; ')}` : ''}`);
}
const grave = found.filter(({ severity }) => GRAVE.includes(severity));
console.log(
  `${String(used.length)} packages checked: ${String(found.length)} with known weaknesses, ` +
    `${String(grave.length)} of them high or critical.`,
);
process.exit(grave.length > 0 ? 1 : 0);

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

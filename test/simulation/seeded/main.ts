/** `npm run simulate`: see docs/proof.md. Loads what replaces time before everything else. */
import './virtual-time';
import { installHttp } from './gate-http';

installHttp();
const { simulate } = await import('./simulate');
process.exit(await simulate(process.argv.slice(2)));

import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IPv4 networks that are not the public internet (IANA special-purpose address registry). */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * The same for IPv6. Prefixes that carry an IPv4 address inside (NAT64, 6to4, Teredo) are closed
 * as a whole: no store is reached through them, and they could lead inward.
 */
const PRIVATE_V6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const closed = new BlockList();
for (const [network, prefix] of PRIVATE_V4) closed.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of PRIVATE_V6) closed.addSubnet(network, prefix, 'ipv6');

/** True for any address a store on the internet cannot have; also for text that is no address. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.split('%')[0] ?? '';
  if (isIPv4(plain)) return closed.check(plain, 'ipv4');
  // Mapped addresses (::ffff:a.b.c.d) are checked by BlockList against the IPv4 rules as well.
  if (isIPv6(plain)) return closed.check(plain, 'ipv6');
  return true;
}

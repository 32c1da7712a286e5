import { BlockList, isIP, isIPv6 } from 'node:net';
import { invalidPattern } from './pattern-error.ts';
import type { TextTest } from './pattern-text.ts';

/** A range of IPv4 or IPv6 addresses, `10.0.0.0/24`. What is no address is in no range. */
export const cidr = (argument: unknown, path: string): TextTest => {
  if (typeof argument !== 'string') throw invalidPattern('prefix match pattern must be a string', path);
  const [address = '', mask = '', ...more] = argument.split('/');
  if (!argument.includes('/') || more.length > 0) throw invalidPattern("Malformed CIDR, one '/' required", path);
  if (!/^\d+$/.test(mask)) throw invalidPattern('Malformed CIDR, mask bits must be an integer', path);
  if (isIP(address) === 0) throw invalidPattern(`Nonstandard IP address: ${address}`, path);
  const bits = isIPv6(address) ? 128 : 32;
  if (Number(mask) >= bits) throw invalidPattern(`IPv${isIPv6(address) ? 6 : 4} mask bits must be < ${bits}`, path);
  const range = new BlockList();
  range.addSubnet(address, Number(mask), familyOf(address));
  return (value) => isIP(value) !== 0 && range.check(value, familyOf(value));
};

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

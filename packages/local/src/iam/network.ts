import { BlockList, isIP } from 'node:net';

/** A range of IP addresses. */
export interface Network {
  readonly addresses: BlockList;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' | undefined => {
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
};

/** Reads `10.0.0.0/8`, `2001:db8::/32` or a single address; undefined for what is none of these. */
export const networkOf = (text: string): Network | undefined => {
  const [address = '', prefix, ...more] = text.split('/');
  const family = familyOf(address);
  if (!family || more.length > 0) return undefined;
  const longest = family === 'ipv4' ? 32 : 128;
  const bits = prefix === undefined ? longest : /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(bits <= longest)) return undefined;
  const addresses = new BlockList();
  addresses.addSubnet(address, bits, family);
  return { addresses };
};

/** @param address of either family; one of the other family is in no network */
export const isInNetwork = (address: string, { addresses }: Network): boolean =>
  addresses.check(address, familyOf(address) ?? 'ipv4');

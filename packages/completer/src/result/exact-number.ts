/** A decimal number: digits without zeros at either end, times a power of ten. */
interface Decimal {
  readonly sign: string;
  readonly digits: string;
  readonly exponent: number;
}

const NUMBER = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Undefined for what is no number. */
export const decimalOf = (text: string): Decimal | undefined => {
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '') return undefined;
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { sign: '', digits: '0', exponent: 0 };
  const exponent = Number(power) - fraction.length + all.length - digits.length;
  return { sign: sign === '-' ? '-' : '', digits, exponent };
};

/** The number that a text of JSON stands for; the text itself where a double would be another number. */
export const exactNumber = (source: string): number | string => {
  const value = Number(source);
  const [written, kept] = [decimalOf(source), decimalOf(String(value))];
  const same = written?.sign === kept?.sign && written?.digits === kept?.digits && written?.exponent === kept?.exponent;
  return same && kept ? value : source;
};

/** asl-validator brings no types of its own; this is what the tests use. */
declare module 'asl-validator' {
  export default function aslValidator(
    definition: unknown,
    options?: { checkPaths: boolean; checkArn: boolean },
  ): { readonly errors: readonly unknown[] };
}
